// Package dialog is the conversation: a table of states and a pure Step.
//
// Step reads nothing but its arguments: no clock, no randomness, no I/O. The same session and event
// always give the same outcome, so the path may step again whenever a commit meets a conflict.
package dialog
