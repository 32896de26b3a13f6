package main

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"
)

// textArgs reads the arguments of check, ask and when: --jsonl, or a text, or all of standard input.
func textArgs(p process, name string) (text string, jsonl bool, err error) {
	flags := p.flags(name)
	flags.BoolVar(&jsonl, "jsonl", false, "one line of JSON out for each line of JSON in")
	if err := p.parse(flags); err != nil {
		return "", false, err
	}
	if jsonl {
		return "", true, nil
	}
	if flags.NArg() > 0 {
		return strings.Join(flags.Args(), " "), false, nil
	}
	all, err := io.ReadAll(io.LimitReader(p.stdin, lineMost))
	if err != nil {
		return "", false, exit{2, fmt.Errorf("read standard input: %w", err)}
	}
	return string(all), false, nil
}

// lineMost is the longest line of JSON that is read, in bytes.
const lineMost = 16 << 20

// eachJSON answers one line of JSON with one line of JSON, in order, flushed per line. A malformed line gets an
// error with its number and the run goes on; the error returned has exit code 2 and means that reading failed.
func eachJSON[In any](r io.Reader, w io.Writer, answer func(In) any) error {
	in := bufio.NewReaderSize(r, 64<<10)
	for n := 1; ; n++ {
		line, err := readLine(in)
		if err == nil || len(line) > 0 {
			if werr := writeJSON(w, answerLine(line, n, err, answer)); werr != nil {
				return werr
			}
		}
		switch {
		case errors.Is(err, io.EOF):
			return nil
		case err != nil && !errors.Is(err, errTooLong):
			return exit{2, fmt.Errorf("read line %d: %w", n, err)}
		}
	}
}

type lineError struct {
	ID    *string `json:"id"`
	Error string  `json:"error"`
}

func answerLine[In any](line []byte, n int, err error, answer func(In) any) any {
	var in In
	switch {
	case errors.Is(err, errTooLong):
		return lineError{Error: fmt.Sprintf("line %d: longer than %d bytes", n, lineMost)}
	case !utf8.Valid(line):
		return lineError{Error: fmt.Sprintf("line %d: not UTF-8", n)}
	}
	if err := json.Unmarshal(line, &in); err != nil {
		return lineError{Error: fmt.Sprintf("line %d: %v", n, err)}
	}
	return answer(in)
}

var errTooLong = errors.New("line too long")

// readLine reads to the end of a line, which it leaves out. Of a line that is too long it returns nothing.
func readLine(in *bufio.Reader) ([]byte, error) {
	var line []byte
	long := false
	for {
		part, err := in.ReadSlice('\n')
		if len(line)+len(part) > lineMost {
			line, long = nil, true
		}
		if !long {
			line = append(line, part...)
		}
		if errors.Is(err, bufio.ErrBufferFull) {
			continue
		}
		if err == nil && len(line) > 0 {
			line = line[:len(line)-1]
		}
		if long && err == nil {
			err = errTooLong
		}
		return line, err
	}
}

func writeJSON(w io.Writer, v any) error {
	b, err := json.Marshal(v)
	if err != nil {
		return fmt.Errorf("write answer: %w", err)
	}
	if _, err := w.Write(append(b, '\n')); err != nil {
		return fmt.Errorf("write answer: %w", err)
	}
	return nil
}
