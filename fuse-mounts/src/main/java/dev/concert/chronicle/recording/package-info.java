/**
 * Turns what happens to the files of a workspace into contents of the store and iterations, behind
 * the back of who changed them.
 *
 * <p>Nouns. The <em>change log</em> has one <em>record</em> for each change, in the order in which
 * they happened, numbered over the life of the workspace. The <em>applier</em> takes them to the
 * content store and the journal, which remembers the number of the last. Large content is
 * <em>promised</em>: the record names the file, which is then <em>captured</em> (read and stored)
 * before anybody may change it.
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
 *
 * path           u16 length, UTF-8
 * file           path, u8 kind, u32 mode, u8 has other names, u64 size, u64 modified, u64 inode
 * blob           32 bytes BLAKE3, u64 size
 * </pre>
 *
 * The first record that is not whole, or whose number does not follow, ends the log; a process that
 * is killed can leave that only at its end.
 *
 * <h2>What survives</h2>
 *
 * The death of the process costs nothing that was reported: a record is written when the method
 * returns. The death of the machine costs what was not synced: {@code fsync} of a file syncs its
 * content and the log, so the content of small files can be restored even if the file is damaged.
 * The store and the journal are not synced by it: their latest contents and iterations may be lost
 * with the machine, and the tree is then recorded anew as it is found.
 */
package dev.concert.chronicle.recording;
