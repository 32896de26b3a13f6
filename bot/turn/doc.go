// Package turn is the one path of an update:
//
//	update in → load record → dialog.Step → commit → acknowledge → deliver
//
// A commit is all or nothing per person. Path.Handle returns when the update is committed; what is owed to
// the person then waits in the record until a deliverer has given it to the channel. Path.Sweep visits whoever is due.
package turn
