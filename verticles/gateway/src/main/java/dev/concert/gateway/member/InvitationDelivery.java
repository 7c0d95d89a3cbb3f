package dev.concert.gateway.member;

import dev.concert.protocol.Invitation;
import io.vertx.core.Future;

/** Brings invitations to whom they invite. Thread-safe. */
@FunctionalInterface
public interface InvitationDelivery {

  /**
   * @param link with which the invitation is accepted
   * @return whether it was sent; where it was not, the inviter gets the link. Never fails
   */
  Future<Boolean> send(Invitation invitation, String link);

  /** Where no mail server is configured. */
  static InvitationDelivery none() {
    return (_, _) -> Future.succeededFuture(false);
  }
}
