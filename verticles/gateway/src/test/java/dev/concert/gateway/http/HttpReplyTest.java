package dev.concert.gateway.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.concert.protocol.Invitation;
import dev.concert.protocol.Role;
import dev.concert.protocol.ServerEvent;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Which replies must not be stored. */
class HttpReplyTest {
  private static final ServerEvent.Share SHARE = new ServerEvent.Share("s", "u", 1, 2);

  private static ServerEvent.MemberChanged invited(String link) {
    return new ServerEvent.MemberChanged(
        "invite",
        new ServerEvent.Member(null, "a@b.example", Role.VIEWER, 1),
        new Invitation("i", "a@b.example", Role.VIEWER, List.of(), "u", 1, 2, link, false));
  }

  @Test
  void whatIsShownOnceIsSecretAlsoForALog() {
    for (Object reply :
        List.of(
            invited("https://concert.example/#invitation=s3cret"),
            new ServerEvent.KeyCreated(null, "ck_s3cret"),
            new ServerEvent.ShareCreated(SHARE, "/shared/s3cret"))) {
      assertThat(HttpReply.encode(201, reply).secret()).as(reply.toString()).isTrue();
      assertThat(reply.toString()).doesNotContain("s3cret");
    }
  }

  @Test
  void otherRepliesAreNoSecrets() {
    for (Object reply :
        List.of(
            invited(null),
            new ServerEvent.MemberChanged(
                "join", new ServerEvent.Member("u", "a@b.example", Role.VIEWER, 1)),
            new ServerEvent.ShareList("s", List.of(SHARE)))) {
      assertThat(HttpReply.encode(200, reply).secret()).as(reply.toString()).isFalse();
    }
  }
}
