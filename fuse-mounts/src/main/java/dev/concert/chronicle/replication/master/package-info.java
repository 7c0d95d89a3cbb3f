/**
 * The master of a workspace: tells replicas of every iteration, gives contents, and decides about
 * what they write. Each replica has threads and cursors of its own, and the journal is its queue:
 * one that is slow holds up nobody and needs no memory.
 */
package dev.concert.chronicle.replication.master;
