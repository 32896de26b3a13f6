package main

import (
	"context"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
	"github.com/stretchr/testify/require"
)

// tab is one tab of a real browser.
type tab struct {
	t   *testing.T
	ctx context.Context
}

func openTab(t *testing.T, width, height int64) *tab {
	t.Helper()
	if _, err := os.Stat("/usr/bin/chromium"); err != nil && os.Getenv("CI") == "" {
		t.Skip("no chromium: make tools")
	}
	options := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.ExecPath("/usr/bin/chromium"), chromedp.NoSandbox, chromedp.DisableGPU,
		chromedp.Flag("disable-quic", true), chromedp.Flag("disable-component-update", true))
	ctx, cancel := chromedp.NewExecAllocator(context.Background(), options...)
	t.Cleanup(cancel)
	ctx, cancel = chromedp.NewContext(ctx)
	t.Cleanup(cancel)
	require.NoError(t, chromedp.Do(ctx, chromedp.EmulateViewport(width, height)))
	return &tab{t, ctx}
}

// sees waits until the newest line of the conversation has a text.
func (b *tab) sees(text string) {
	b.t.Helper()
	ctx, cancel := context.WithTimeout(b.ctx, time.Minute)
	defer cancel()
	err := chromedp.Do(ctx, chromedp.WaitVisible(`//ol[@id="lines"]/li[last()][not(contains(@class, "sending"))][contains(., "`+text+`")]`))
	if err != nil {
		b.shoot("failed")
	}
	require.NoError(b.t, err, "waiting for %q", text)
}

func (b *tab) presses(label string) {
	b.t.Helper()
	ctx, cancel := context.WithTimeout(b.ctx, time.Minute)
	defer cancel()
	require.NoError(b.t, chromedp.Do(ctx, chromedp.Click(`//form[@id="choices"]//button[text()="`+label+`"]`)), "pressing %q", label)
}

func (b *tab) types(text string) {
	b.t.Helper()
	require.NoError(b.t, chromedp.Do(b.ctx, chromedp.SendKeys(chromedp.ID("text"), text+kb.Enter)))
}

func (b *tab) shoot(name string) {
	b.t.Helper()
	dir := os.Getenv("WENZHU_SHOTS")
	if dir == "" {
		dir = filepath.Join("..", "shots")
	}
	require.NoError(b.t, os.MkdirAll(dir, 0o755))
	time.Sleep(250 * time.Millisecond)
	picture, err := chromedp.Run(b.ctx, chromedp.CaptureScreenshot())
	require.NoError(b.t, err)
	require.NoError(b.t, os.WriteFile(filepath.Join(dir, name+".png"), picture, 0o644))
}

// TestBrowserWalksTheFiveSteps on a phone's width, as a person would: pressing, typing, leaving and coming back.
func TestBrowserWalksTheFiveSteps(t *testing.T) {
	base, _ := running(t, map[string]string{"OPERATOR_NAME": "测试", "OPERATOR_CONTACT": "x", "FLOOD_LIMIT": "0"})
	b := openTab(t, 390, 844)
	require.NoError(t, chromedp.Do(b.ctx, chromedp.Navigate(base)))
	b.sees("您现在安全吗")
	b.shoot("steps-1-arrival")
	b.presses("安全")
	b.sees("他们找的是谁")
	b.presses("我自己欠款")
	b.sees("1/5")
	b.shoot("steps-2-calm")
	b.presses("□ 没松口")
	b.sees("可以替您记下吗")
	b.presses("可以")
	b.sees("已做：1")
	b.types("2 3")
	b.sees("已做：3")
	b.presses("做完了")
	b.sees("收集证据")
	b.presses("去「收集证据」")
	b.sees("2/5")
	b.presses("记一次骚扰")
	b.sees("记下了")
	b.shoot("steps-3-logged")
	b.presses("短信")
	b.sees("，短信。")
	b.presses("他说了什么")
	b.sees("对方说了什么")
	require.NoError(t, chromedp.Do(b.ctx, chromedp.Reload()))
	b.sees("对方说了什么")
	b.types("再不还就去你单位")
	b.sees("原话：")
	b.presses("回到刚才")
	b.sees("2/5")
	b.presses("做完了")
	b.presses("去「联系平台」")
	b.sees("3/5")
	b.presses("写投诉的话")
	b.sees("谁借出来的")
	b.presses("小额贷款公司")
	b.types("某某小额贷款有限公司")
	b.presses("不到三年")
	b.sees("我要求")
	b.shoot("steps-4-letter")
	b.presses("已经发出去了")
	b.presses("今天")
	b.sees("回头看一次")
	b.presses("到时提醒我")
	b.sees("骚扰少了吗")
	b.presses("不用")
	b.sees("那我不问")
	b.presses("回到刚才")
	b.presses("做完了")
	b.presses("去「投诉监管」")
	b.sees("4/5")
	b.presses("做完了")
	b.presses("去「咨询律师」")
	b.sees("5/5")
	b.presses("做完了")
	b.sees("五步都走过了")
	b.types("【某某法院】您的案件已立案，请将保证金转账到指定账户，点击链接 http://a.top 处理")
	b.sees("现在这样做")
	b.shoot("steps-5-verdict")
	b.types("我不想活了")
	b.sees("12356")
	b.shoot("steps-6-crisis")
}

// TestBrowserShowsTheJourneyBesideTheTalk on a wide screen.
func TestBrowserShowsTheJourneyBesideTheTalk(t *testing.T) {
	base, _ := running(t, map[string]string{"FLOOD_LIMIT": "0"})
	b := openTab(t, 1280, 800)
	require.NoError(t, chromedp.Do(b.ctx, chromedp.Navigate(base)))
	b.sees("您现在安全吗")
	b.presses("安全")
	b.presses("他们找的是我的家人朋友")
	b.sees("1/5")
	b.types("1")
	b.presses("可以")
	b.sees("已做：1")
	for range 3 {
		b.types("记一次骚扰")
		b.sees("记下了")
	}
	require.NoError(t, chromedp.Do(b.ctx, chromedp.WaitVisible(`//aside//h2[contains(., "骚扰 3 次")]`)))
	b.shoot("wide")
}
