package dev.concert.chronicle.archive;

import dev.concert.chronicle.iteration.Iteration;
import dev.concert.chronicle.iteration.Kind;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.compressors.gzip.GzipCompressorOutputStream;

/** The pax form of tar, so that names and sizes have no limit. */
final class TarGzArchive {
  private static final int PERMISSIONS = 07777;

  private TarGzArchive() {}

  static void write(ArchiveSource source, OutputStream into) throws IOException {
    try (TarArchiveOutputStream tar =
        new TarArchiveOutputStream(
            new GzipCompressorOutputStream(into), StandardCharsets.UTF_8.name())) {
      tar.setLongFileMode(TarArchiveOutputStream.LONGFILE_POSIX);
      tar.setBigNumberMode(TarArchiveOutputStream.BIGNUMBER_POSIX);
      tar.setAddPaxHeadersForNonAsciiNames(true);
      for (Iteration state : source.states()) {
        try (InputStream content = source.open(state)) {
          add(tar, state, content);
        }
      }
    }
  }

  private static void add(TarArchiveOutputStream tar, Iteration state, InputStream content)
      throws IOException {
    String name = ArchiveNames.of(state.path());
    TarArchiveEntry entry;
    if (state.kind() == Kind.SYMLINK) {
      entry = new SymlinkEntry(name, content.readAllBytes());
    } else {
      entry = new TarArchiveEntry(name, true);
      entry.setMode(state.mode() & PERMISSIONS);
      entry.setSize(state.size());
    }
    entry.setModTime(state.timestamp());
    tar.putArchiveEntry(entry);
    if (state.kind() == Kind.FILE) {
      content.transferTo(tar);
    }
    tar.closeArchiveEntry();
  }
}
