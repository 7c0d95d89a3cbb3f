package dev.concert.ensemble.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.concert.error.ErrorCode;
import dev.concert.error.Problem;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class AccessTokensTest {
  private final Caller.IssuedKey issued = new Caller.IssuedKey("key_1", "cus_1");
  private final AccessTokens tokens =
      new AccessTokens(
          List.of("first-key", "second-key"),
          hash -> hash.equals(TokenHash.of("issued-key")) ? Optional.of(issued) : Optional.empty());

  @Test
  void aTokenBelongsToItsCaller() {
    String token = tokens.open("instance-1", "tenant-1");

    assertThat(tokens.caller(Optional.of(token)))
        .isEqualTo(new Caller.Instance("instance-1", "tenant-1"));
    assertThat(tokens.caller(Optional.of("issued-key"))).isEqualTo(issued);
    assertThat(tokens.caller(Optional.of("second-key")).describe()).isEqualTo("key 2");
  }

  @Test
  void aConfiguredKeyKeepsItsIdWhenItsPlaceChanges() {
    AccessTokens swapped = new AccessTokens(List.of("second-key", "first-key"), IssuedKeys.NONE);

    assertThat(swapped.caller(Optional.of("first-key")).id())
        .isEqualTo(tokens.caller(Optional.of("first-key")).id())
        .doesNotContain("first-key");
  }

  @Test
  void noTokenAndAWrongTokenAreDifferentErrors() {
    assertThatThrownBy(() -> tokens.caller(Optional.empty()))
        .satisfies(e -> assertThat(Problem.of(e).code()).isEqualTo(ErrorCode.UNAUTHENTICATED));
    assertThatThrownBy(() -> tokens.caller(Optional.of("guess")))
        .satisfies(e -> assertThat(Problem.of(e).code()).isEqualTo(ErrorCode.AUTH_FAILED))
        .hasMessageNotContaining("guess");
  }

  @Test
  void aNewTokenOfAnInstanceRevokesTheOldOne() {
    String old = tokens.open("instance-1", "tenant-1");
    String current = tokens.open("instance-1", "tenant-1");

    assertThatThrownBy(() -> tokens.caller(Optional.of(old)));
    assertThat(tokens.caller(Optional.of(current)).customer()).isEqualTo("tenant-1");
    assertThat(tokens.openInstances()).isEqualTo(1);
  }

  @Test
  void aClosedInstanceHasNoAccess() {
    String token = tokens.open("instance-1", "tenant-1");

    tokens.close("instance-1");
    tokens.close("instance-1");

    assertThatThrownBy(() -> tokens.caller(Optional.of(token)));
    assertThat(tokens.openInstances()).isZero();
  }

  @Test
  void idsOfDifferentKindsOfCallersNeverMeet() {
    tokens.open("key_1", "tenant-1");

    Set<String> ids = new HashSet<>();
    ids.add(issued.id());
    ids.add(new Caller.Instance("key_1", "tenant-1").id());
    ids.add(tokens.caller(Optional.of("first-key")).id());

    assertThat(ids).hasSize(3);
  }

  @Test
  void generatedTokensAreLongAndDifferent() {
    TokenGenerator generator = new TokenGenerator();

    assertThat(generator.next()).startsWith("ens_").hasSize("ens_".length() + 43);
    assertThat(generator.next()).isNotEqualTo(generator.next());
  }
}
