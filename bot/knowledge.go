package main

import "wenzhu/dialog"

// loadDialog builds the dialog on the embedded knowledge, or on the files in dir.
func (a *app) loadDialog(string) error {
	a.dialog.Store(dialog.New())
	return nil
}
