/**
 * Whether workspaces can be written: {@code DiskProbe} tries their disks, {@code Trouble} says in
 * words what is wrong, {@code TroubleWatch} tells when it begins and when it is over.
 */
package dev.concert.chronicle.trouble;
