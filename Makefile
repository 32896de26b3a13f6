# What one can do here: make test is the one command before every commit.

GOLANGCI := golangci-lint
GOLANGCI_VERSION := v2.15.0
TOOLS := $(CURDIR)/.tools
LINT := $(TOOLS)/$(GOLANGCI)-$(GOLANGCI_VERSION)
PACKAGES := redis-server chromium tesseract-ocr tesseract-ocr-chi-sim fonts-noto-cjk util-linux
VERSION := $(shell git describe --tags --always --dirty 2>/dev/null || echo dev)
COMMIT := $(shell git rev-parse --short HEAD 2>/dev/null || echo unknown)
LDFLAGS := -s -w -X main.version=$(VERSION) -X main.commit=$(COMMIT)

.PHONY: help run test tools format vet lint unit knowledge build bench chaos fuzz generate

help: ## list the targets
	@grep -E '^[a-z]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-10s %s\n", $$1, $$2}'

run: ## start the bot with the web chat
	go run ./bot

test: tools format vet lint unit knowledge ## everything that has to pass before a commit

tools: $(LINT) ## install what the tests need: Debian packages and the linter
	@missing=""; for c in redis-server:redis-server chromium:chromium tesseract:tesseract-ocr prlimit:util-linux; do \
		command -v $${c%%:*} >/dev/null 2>&1 || missing=yes; done; \
	ls /usr/share/tesseract-ocr/*/tessdata/chi_sim.traineddata >/dev/null 2>&1 || missing=yes; \
	fc-list 2>/dev/null | grep -q 'Noto Sans CJK' || missing=yes; \
	if [ -n "$$missing" ]; then \
		sudo=; [ "$$(id -u)" = 0 ] || sudo=sudo; \
		$$sudo apt-get update -q && DEBIAN_FRONTEND=noninteractive $$sudo apt-get install -y -q --no-install-recommends $(PACKAGES) fontconfig; \
	fi

$(LINT):
	GOBIN=$(TOOLS) go install github.com/golangci/golangci-lint/v2/cmd/$(GOLANGCI)@$(GOLANGCI_VERSION)
	mv $(TOOLS)/$(GOLANGCI) $@

format: ## fail on files that gofmt would change
	@files=$$(gofmt -l bot dialog knowledge); [ -z "$$files" ] || { echo "gofmt -w $$files"; exit 1; }

vet: ## go vet
	go vet ./...

lint: $(LINT) ## golangci-lint
	$(LINT) run --allow-parallel-runners ./...

unit: ## all Go tests with the race detector: unit, real Redis, real browser, real kills
	go test -race -parallel 16 -timeout 20m ./... # crash tests mostly wait

knowledge: ## check all knowledge content
	go run ./bot lint

build: ## a static binary in bin/
	CGO_ENABLED=0 go build -trimpath -ldflags '$(LDFLAGS)' -o bin/bot ./bot

bench: ## the figures of docs/measurements.md
	go test -run '^$$' -bench . -benchmem -timeout 60m ./...

chaos: ## longer crash tests on real processes
	WENZHU_CHAOS=1 go test -run 'Crash' -parallel 2 -timeout 60m -v ./bot

fuzz: ## every fuzz test for a minute
	@for f in $$(grep -rlE '^func Fuzz' --include='*_test.go' .); do \
		for n in $$(grep -oE '^func Fuzz[A-Za-z0-9]+' $$f | cut -c6-); do \
			go test -run '^$$' -fuzz "^$$n$$" -fuzztime 1m ./$$(dirname $$f) || exit 1; done; done

generate: ## make docs/flow.md and deploy/wenzhu.env anew
	{ echo '# The dialog as a picture'; echo; echo 'Made by `make generate` from the table of transitions.'; echo; echo '```mermaid'; go run ./bot flow; echo '```'; } > docs/flow.md
	go run ./bot config --env > deploy/wenzhu.env
