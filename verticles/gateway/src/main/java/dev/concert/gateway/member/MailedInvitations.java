package dev.concert.gateway.member;

import dev.concert.protocol.Invitation;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.ext.mail.MailClient;
import io.vertx.ext.mail.MailMessage;
import io.vertx.ext.mail.SMTPException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Mails invitations by SMTP. One that cannot be mailed stays valid, and its inviter gets the link.
 * Thread-safe.
 */
public final class MailedInvitations implements InvitationDelivery {
  private static final Logger LOG = LoggerFactory.getLogger(MailedInvitations.class);

  private static final DateTimeFormatter UNTIL =
      DateTimeFormatter.ofPattern("d MMMM uuuu, HH:mm 'UTC'", Locale.ENGLISH)
          .withZone(ZoneOffset.UTC);

  private final MailClient client;
  private final String from;
  private final Duration timeout;

  public MailedInvitations(Vertx vertx, MailOptions options) {
    this.client = SmtpClients.create(vertx, options);
    this.from = options.from();
    this.timeout = options.timeout();
  }

  @Override
  public Future<Boolean> send(Invitation invitation, String link) {
    return Future.succeededFuture(invitation)
        .compose(one -> client.sendMail(message(one, link)))
        .timeout(timeout.toMillis(), TimeUnit.MILLISECONDS)
        .map(true)
        .recover(
            failure -> {
              // Without the server's words, which may repeat the mail and its secret.
              LOG.warn(
                  "Invitation {} is not mailed: {}",
                  invitation.invitationId(),
                  failure instanceof SMTPException refusal
                      ? "the mail server answers " + refusal.getReplyCode()
                      : failure.getClass().getSimpleName());
              return Future.succeededFuture(false);
            });
  }

  private MailMessage message(Invitation invitation, String link) {
    return new MailMessage()
        .setFrom(from)
        .setTo(invitation.email())
        .setSubject("You are invited to Concert")
        .setText(
            """
            You are invited to Concert as %s.

            Open this link and sign in with %s to accept:

            %s

            The link works once, until %s. If you do not expect this invitation, ignore this mail.
            """
                .formatted(
                    invitation.role().wireName(),
                    invitation.email(),
                    link,
                    UNTIL.format(Instant.ofEpochMilli(invitation.expiresAt()))));
  }
}
