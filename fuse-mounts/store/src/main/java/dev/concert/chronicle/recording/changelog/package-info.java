/**
 * The change log of a workspace: one <em>record</em> for each change, in the order of the changes,
 * numbered over the life of the workspace.
 *
 * <p>Nouns. A <em>segment</em> is one file of the log. A <em>log scan</em> finds what an earlier
 * process left. <em>Reserved space</em> behind the end of a segment lets small records be written
 * on a full disk. <em>Pending contents</em> are those that only the log names: the garbage
 * collector keeps them.
 *
 * <h2>Layout</h2>
 *
 * The log is in files {@code changes-{16 hex digits}.log}, named after the number of their first
 * record; a file that got 4 MiB long is followed by another, and is deleted when all of it is
 * applied. Numbers are little-endian. A record:
 *
 * <pre>
 * u32 length of what follows the checksum
 * u32 CRC-32C of what follows
 * u64 number     u64 Unix milliseconds     u8 type
 * 1 written      file, content to the end of the record
 * 2 stored       file, blob
 * 3 promised     file
 * 4 captured     u64 number of the promise, blob
 * 5 mode changed path, u32 mode, u8 has other names
 * 6 removed      path
 * 7 renamed      path before, path after
 * 8 exchanged    path, the other path
 * 9 given up     u64 number of the promise, u8 reason
 * 10 skipped     file, u8 reason
 *
 * path           u16 length, UTF-8
 * file           path, u8 kind, u32 mode, u8 has other names, u64 size, u64 modified, u64 inode
 * blob           32 bytes BLAKE3, u64 size
 * </pre>
 *
 * The first record that is not whole, or whose number does not follow, ends the log; a process that
 * is killed can leave that only at its end.
 */
package dev.concert.chronicle.recording.changelog;
