/**
 * A workspace at one moment as an archive that is written while it is read: {@code ArchiveFormat}
 * is its form, {@code ArchiveSource} what is in it, {@code ArchiveServer} the loopback address from
 * which the gateway takes it. It knows nothing of workspaces: whoever expects a reader says what
 * the archive has.
 */
package dev.concert.chronicle.archive;
