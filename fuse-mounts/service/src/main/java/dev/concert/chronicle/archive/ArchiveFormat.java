package dev.concert.chronicle.archive;

import java.io.IOException;
import java.io.OutputStream;
import java.util.Arrays;
import java.util.Optional;

/** The forms in which a workspace can be had. */
public enum ArchiveFormat {
  TAR_GZ("tar.gz", "application/gzip"),
  ZIP("zip", "application/zip");

  private final String name;
  private final String mediaType;

  ArchiveFormat(String name, String mediaType) {
    this.name = name;
    this.mediaType = mediaType;
  }

  /** Also the end of a file's name. */
  public String wireName() {
    return name;
  }

  public String mediaType() {
    return mediaType;
  }

  public static Optional<ArchiveFormat> named(String name) {
    return Arrays.stream(values()).filter(format -> format.name.equals(name)).findFirst();
  }

  /** Writes an archive to its end; holds a piece of it at a time. Blocks. */
  void write(ArchiveSource source, OutputStream into) throws IOException {
    switch (this) {
      case TAR_GZ -> TarGzArchive.write(source, into);
      case ZIP -> ZipArchive.write(source, into);
    }
  }
}
