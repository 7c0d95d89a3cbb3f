/**
 * What a workspace may take of the disk, and what it takes.
 *
 * <p>A <em>quota</em> bounds the allocated bytes and the number of files; who would pass it gets
 * {@code ENOSPC}. {@code QuotaFileSystem} counts the changes that pass through the mount. The count
 * is kept in {@code usage.json} beside the journal. {@code UsageScan} compares it with the disk
 * after a crash and once a day, in the background.
 */
package dev.concert.chronicle.quota;
