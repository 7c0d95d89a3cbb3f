package dev.concert.ensemble.routing.affinity;

import dev.concert.bus.Json;
import dev.concert.ensemble.message.InferenceRequest;
import dev.concert.ensemble.message.Message;
import dev.concert.ensemble.message.Role;
import dev.concert.ensemble.usage.TokenEstimate;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.zip.CRC32;
import java.util.zip.CheckedOutputStream;

/**
 * All beginnings of one prompt, the shortest first: tools and system messages together, then one
 * more for each message. Immutable and thread-safe. Making it reads the whole prompt once: a
 * megabyte takes some milliseconds, so a large one is not for an event loop.
 */
public final class Prefixes {
  /** None: for a call whose beginning nobody will see again. */
  public static final Prefixes NONE = new Prefixes(List.of(), Optional.empty());

  private final List<Prefix> prefixes;
  private final Optional<Prefix> system;

  private Prefixes(List<Prefix> prefixes, Optional<Prefix> system) {
    this.prefixes = List.copyOf(prefixes);
    this.system = system;
  }

  public static Prefixes of(InferenceRequest request) {
    Fingerprint fingerprint = new Fingerprint();
    fingerprint.add(Optional.ofNullable(request.tools()).orElse(List.of()));
    List<Prefix> found = new ArrayList<>();
    Optional<Prefix> system = Optional.empty();
    boolean leading = true;
    for (Message message : request.messages()) {
      fingerprint.add(message);
      leading &= message.role() == Role.SYSTEM;
      if (leading) {
        system = Optional.of(fingerprint.soFar());
      }
      found.add(fingerprint.soFar());
    }
    return new Prefixes(found, system);
  }

  /** The shortest first. */
  public List<Prefix> all() {
    return prefixes;
  }

  /**
   * Those worth remembering: the whole prompt, which the next turn begins with, and what other
   * conversations share with this one.
   */
  List<Prefix> lasting() {
    List<Prefix> lasting = new ArrayList<>();
    system.ifPresent(lasting::add);
    if (!prefixes.isEmpty()) {
      lasting.add(prefixes.getLast());
    }
    return lasting.stream().distinct().toList();
  }

  private static final class Fingerprint {
    private final CRC32 crc = new CRC32();
    private long length;

    void add(Object part) {
      try (OutputStream counting = new Counting()) {
        Json.MAPPER.writeValue(new CheckedOutputStream(counting, crc), part);
      } catch (IOException e) {
        throw new UncheckedIOException("A prompt that was read cannot be written", e);
      }
    }

    Prefix soFar() {
      return new Prefix(length << 32 | crc.getValue(), TokenEstimate.ofCharacters(length));
    }

    private final class Counting extends OutputStream {
      @Override
      public void write(int one) {
        length++;
      }

      @Override
      public void write(byte[] bytes, int from, int count) {
        length += count;
      }
    }
  }
}
