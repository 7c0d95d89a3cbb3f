/** A path that changed on both sides, and how that is resolved. */
package dev.concert.chronicle.replication.conflict;
