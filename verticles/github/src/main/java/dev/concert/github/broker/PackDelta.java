package dev.concert.github.broker;

import java.io.ByteArrayOutputStream;

/**
 * An object of a pack that is written as what differs from another one.
 *
 * <p>Format: https://git-scm.com/docs/pack-format#_deltified_representation
 */
final class PackDelta {
  private static final int MORE = 0x80;
  private static final int WHOLE = 0x10000;

  private final byte[] delta;
  private int at;

  private PackDelta(byte[] delta) {
    this.delta = delta;
  }

  /**
   * The object itself.
   *
   * @throws IllegalArgumentException where the delta is none of this base
   */
  static byte[] apply(byte[] base, byte[] delta) {
    try {
      return new PackDelta(delta).apply(base);
    } catch (IndexOutOfBoundsException e) {
      throw wrong();
    }
  }

  private static IllegalArgumentException wrong() {
    return new IllegalArgumentException("This push has a pack that cannot be read.");
  }

  private byte[] apply(byte[] base) {
    if (number() != base.length) {
      throw wrong();
    }
    long size = number();
    ByteArrayOutputStream made = new ByteArrayOutputStream();
    while (at < delta.length) {
      int command = delta[at++] & 0xff;
      if ((command & MORE) != 0) {
        int from = bits(command, 0, 4);
        int length = bits(command, 4, 3);
        made.write(base, from, length == 0 ? WHOLE : length);
      } else if (command != 0) {
        made.write(delta, at, command);
        at += command;
      } else {
        throw wrong();
      }
      if (made.size() > size) {
        throw wrong();
      }
    }
    if (made.size() != size) {
      throw wrong();
    }
    return made.toByteArray();
  }

  private long number() {
    long number = 0;
    for (int shift = 0; shift <= 56; shift += 7) {
      int next = delta[at++] & 0xff;
      number |= (long) (next & ~MORE) << shift;
      if ((next & MORE) == 0) {
        return number;
      }
    }
    throw wrong();
  }

  /** A number whose bytes are there where the command has their bits. */
  private int bits(int command, int first, int count) {
    int number = 0;
    for (int one = 0; one < count; one++) {
      if ((command & 1 << first + one) != 0) {
        number |= (delta[at++] & 0xff) << 8 * one;
      }
    }
    return number;
  }
}
