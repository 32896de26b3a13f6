// Package turn is the one path of an update:
//
//	update in → load record → dialog.Step → commit → acknowledge → deliver
//
// A commit is all or nothing per person. Path.Handle returns when the update is committed; what is owed to
// the person then waits in the record until the channel took it. Deliverer and Sweeper do the rest.
package turn
