package dev.concert.gateway.member;

import dev.concert.automation.AutomationMessages.OwnerLost;
import dev.concert.bus.AutomationAddresses;
import dev.concert.bus.ConcertBus;
import dev.concert.error.ErrorCode;
import dev.concert.error.Problem;
import dev.concert.protocol.Identity;
import dev.concert.protocol.Permission;
import dev.concert.protocol.ServerEvent.Member;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells the automation engine when a member may not run automations any more. Where it does not
 * hear that, the next run of an automation finds it out.
 */
public record AutomationOwners(ConcertBus bus) {
  private static final Logger LOG = LoggerFactory.getLogger(AutomationOwners.class);
  private static final Duration TIMEOUT = Duration.ofSeconds(30);

  void roleChanged(Identity actor, Member member) {
    if (!Identity.of(member.userId(), member.email(), actor.tenantId(), member.role())
        .permissions()
        .contains(Permission.THREADS_CREATE)) {
      lost(
          actor,
          member,
          "Its owner may not create sessions any more, as %s.".formatted(member.role().wireName()));
    }
  }

  void removed(Identity actor, Member member) {
    lost(actor, member, "Its owner is no member any more.");
  }

  private void lost(Identity actor, Member member, String reason) {
    bus.request(
            AutomationAddresses.OWNER_LOST,
            new OwnerLost(actor.tenantId(), member.userId(), reason, actor.userId()),
            TIMEOUT)
        .onFailure(
            failure -> {
              if (Problem.of(failure).code() != ErrorCode.AUTOMATIONS_UNAVAILABLE) {
                LOG.warn("The automations of a member go on until they are due", failure);
              }
            });
  }
}
