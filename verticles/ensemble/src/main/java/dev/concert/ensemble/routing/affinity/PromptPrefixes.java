package dev.concert.ensemble.routing.affinity;

import dev.concert.ensemble.message.InferenceRequest;
import dev.concert.ensemble.message.Message;
import dev.concert.ensemble.message.MessageRole;
import dev.concert.ensemble.usage.TokenEstimate;
import dev.concert.json.Json;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.zip.CRC32;
import java.util.zip.CheckedOutputStream;

/**
 * All prefixes of one prompt, the shortest first: tools and system messages together, then one more
 * for each message. Immutable and thread-safe. Creating it reads the whole prompt: a megabyte takes
 * some milliseconds, so do not do it for a large one on an event loop.
 */
public final class PromptPrefixes {
  /** No prefixes, for a call that needs no cache-aware routing. */
  public static final PromptPrefixes NONE = new PromptPrefixes(List.of(), Optional.empty());

  private final List<PromptPrefix> prefixes;
  private final Optional<PromptPrefix> system;

  private PromptPrefixes(List<PromptPrefix> prefixes, Optional<PromptPrefix> system) {
    this.prefixes = List.copyOf(prefixes);
    this.system = system;
  }

  public static PromptPrefixes of(InferenceRequest request) {
    Fingerprint fingerprint = new Fingerprint();
    fingerprint.add(Optional.ofNullable(request.tools()).orElse(List.of()));
    List<PromptPrefix> found = new ArrayList<>();
    Optional<PromptPrefix> system = Optional.empty();
    boolean leading = true;
    for (Message message : request.messages()) {
      fingerprint.add(message);
      leading &= message.role() == MessageRole.SYSTEM;
      if (leading) {
        system = Optional.of(fingerprint.soFar());
      }
      found.add(fingerprint.soFar());
    }
    return new PromptPrefixes(found, system);
  }

  /** The shortest first. */
  public List<PromptPrefix> all() {
    return prefixes;
  }

  /**
   * The prefixes worth remembering: the whole prompt, with which the next turn begins, and what
   * other conversations share.
   */
  List<PromptPrefix> lasting() {
    List<PromptPrefix> lasting = new ArrayList<>();
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

    PromptPrefix soFar() {
      return new PromptPrefix(length << 32 | crc.getValue(), TokenEstimate.ofCharacters(length));
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
