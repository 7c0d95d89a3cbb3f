package dev.concert.chronicle.content.blake3;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HexFormat;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

class Blake3Test {
  /** From test_vectors.json of the BLAKE3 team: the bytes are 0 to 250, again and again. */
  @Test
  void both_ways_of_hashing_pass_the_vectors_of_the_specification() {
    byte[] sample = new byte[102_400];
    for (int i = 0; i < sample.length; i++) {
      sample[i] = (byte) (i % 251);
    }
    for (Blake3 hash : new Blake3[] {new JavaBlake3(), Blake3.start()}) {
      hash.add(sample, sample.length);
      assertThat(HexFormat.of().formatHex(hash.finish()))
          .isEqualTo("bc3e3d41a1146b069abffad3c0d44860cf664390afce4d9661f7902e7943e085");
    }
  }

  @Test
  @EnabledOnOs(
      value = OS.LINUX,
      architectures = {"amd64", "x86_64"})
  void the_native_library_is_used_where_it_is_built_for() {
    assertThat(NativeBlake3.start()).isPresent();
  }

  @Property(tries = 50)
  void both_ways_agree_however_the_bytes_come(
      @ForAll @Size(max = 20) int[] lengths, @ForAll byte first) {
    Blake3 fast = Blake3.start();
    Blake3 plain = new JavaBlake3();
    for (int any : lengths) {
      byte[] piece = new byte[Math.floorMod(any, 70_000)];
      java.util.Arrays.fill(piece, (byte) (first + any));
      fast.add(piece, piece.length);
      plain.add(piece, piece.length);
    }
    assertThat(fast.finish()).isEqualTo(plain.finish());
  }

  @Property(tries = 20)
  void only_the_wanted_bytes_of_an_array_count(@ForAll @IntRange(max = 100) int length) {
    Blake3 some = Blake3.start();
    some.add(new byte[100], length);
    Blake3 all = Blake3.start();
    all.add(new byte[length], length);
    assertThat(some.finish()).isEqualTo(all.finish());
  }
}
