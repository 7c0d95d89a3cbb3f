package dev.concert.chronicle.content;

import dev.concert.chronicle.content.blob.BlobFolder;
import dev.concert.foundation.files.PrivateFiles;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads blobs, and mends from the tier what is missing or damaged locally. Thread-safe. */
final class BlobReader {
  private static final Logger LOG = LoggerFactory.getLogger(BlobReader.class);

  private final BlobFolder blobs;
  private final Tier tier;

  BlobReader(BlobFolder blobs, Tier tier) {
    this.blobs = blobs;
    this.tier = tier;
  }

  /**
   * Empty where neither the folder nor the tier has it.
   *
   * @throws CorruptContentException where only a damaged one is there
   */
  Optional<BlobFormat> read(String hash) throws IOException {
    boolean damaged = false;
    try {
      Optional<InputStream> file = blobs.read(hash);
      if (file.isPresent()) {
        if (tier != Tier.NONE) {
          // What is used stays.
          blobs.touch(hash);
        }
        return Optional.of(BlobFormat.read(hash, file.get()));
      }
    } catch (CorruptContentException e) {
      setAside(hash);
      damaged = true;
    }
    if (promote(hash)) {
      if (damaged) {
        LOG.warn("Content {} was damaged on this host and has been mended from its copy", hash);
      }
      return Optional.of(BlobFormat.read(hash, blobs.read(hash).orElseThrow()));
    }
    if (damaged || blobs.isSetAside(hash)) {
      throw new CorruptContentException(hash);
    }
    return Optional.empty();
  }

  void setAside(String hash) throws IOException {
    blobs.setAside(hash);
  }

  /** Brings the blob from the tier into the folder, after checking it. */
  private boolean promote(String hash) throws IOException {
    try {
      blobs.keep(hash, staged -> fetch(hash, staged));
      blobs.restored(hash);
      return true;
    } catch (FileNotFoundException nowhere) {
      return false;
    }
  }

  private void fetch(String hash, Path staged) throws IOException {
    if (!tier.fetch(hash, staged)) {
      throw new FileNotFoundException(hash);
    }
    PrivateFiles.restrict(staged);
    if (BlobFormat.read(hash, Files.newInputStream(staged)) instanceof BlobFormat.Stream old) {
      try (InputStream content = old.bytes()) {
        content.transferTo(OutputStream.nullOutputStream());
      }
    }
  }
}
