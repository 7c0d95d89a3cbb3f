package dev.concert.gateway.member;

import dev.concert.automation.DeliveryMessages.Delivered;
import dev.concert.automation.DeliveryMessages.MailMember;
import dev.concert.bus.ConcertBus;
import dev.concert.bus.DeliveryAddresses;
import dev.concert.protocol.Identity;
import dev.concert.protocol.Permission;
import dev.concert.text.ShortText;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.Vertx;
import io.vertx.ext.mail.MailClient;
import io.vertx.ext.mail.MailMessage;
import io.vertx.ext.mail.SMTPException;
import java.net.ConnectException;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.BiFunction;
import java.util.function.Supplier;

/**
 * Mails members what came into their inbox. The address is that of the member, so that nobody can
 * have others mailed. Thread-safe.
 */
public final class MemberMail {
  private static final int MAX_SUBJECT = 200;

  /** From this code on the server speaks of the mail; below it, such as 535, of us. */
  private static final int NO_SUCH_MAILBOX = 550;

  private final Optional<MailClient> client;
  private final Optional<MailOptions> options;
  private final BiFunction<String, String, Future<Optional<Identity>>> members;
  private final Supplier<String> publicUrl;

  /**
   * @param members the user of a tenant as a member now; empty for who is none
   * @param publicUrl where browsers open the page
   */
  public MemberMail(
      Vertx vertx,
      Optional<MailOptions> options,
      BiFunction<String, String, Future<Optional<Identity>>> members,
      Supplier<String> publicUrl) {
    this.client = options.map(server -> SmtpClients.create(vertx, server));
    this.options = options;
    this.members = members;
    this.publicUrl = publicUrl;
  }

  /** Answers from now on. */
  public void serve(ConcertBus bus) {
    bus.serve(DeliveryAddresses.MAIL_MEMBER, this::mail);
  }

  private Future<Delivered> mail(MailMember mail) {
    if (client.isEmpty()) {
      return refused("No mail server is set up. The operator can set gateway.mail.");
    }
    return members
        .apply(mail.tenantId(), mail.userId())
        .compose(
            found ->
                found
                    .filter(who -> who.permissions().contains(Permission.THREADS_READ))
                    .map(who -> mail(who, mail))
                    .orElseGet(() -> refused("This user is no member of the tenant.")));
  }

  private Future<Delivered> mail(Identity who, MailMember mail) {
    if (!who.email().contains("@")) {
      return refused("The member has no e-mail address.");
    }
    return Future.succeededFuture(client.orElseThrow())
        .compose(server -> server.sendMail(message(who.email(), mail)))
        .timeout(options.orElseThrow().timeout().toMillis(), TimeUnit.MILLISECONDS)
        .map(_ -> Delivered.sent())
        .otherwise(MemberMail::outcome);
  }

  private MailMessage message(String to, MailMember mail) {
    String from = options.orElseThrow().from();
    String host = from.substring(from.indexOf('@') + 1).replaceAll("[^A-Za-z0-9.-]", "");
    return new MailMessage()
        .setFrom(from)
        .setTo(to)
        .setSubject(subject(mail.subject()))
        .setHeaders(
            MultiMap.caseInsensitiveMultiMap()
                .add("Message-ID", "<%s@%s>".formatted(mail.key(), host))
                .add("Auto-Submitted", "auto-generated"))
        .setText(
            "%s%n%n-- %nYour inbox: %s/automations.html%n".formatted(mail.text(), publicUrl.get()));
  }

  /** On one line: what people name their automations must not become a header. */
  private static String subject(String text) {
    String line = text.replaceAll("\\p{Cntrl}+", " ").strip();
    return ShortText.marked(line, MAX_SUBJECT);
  }

  /** Without the server's words, which may repeat the mail. */
  private static Delivered outcome(Throwable failure) {
    return switch (failure) {
      case SMTPException refusal ->
          refusal.getReplyCode() >= NO_SUCH_MAILBOX
              ? Delivered.refused(
                  "The mail server refuses this mail (%d).".formatted(refusal.getReplyCode()))
              : Delivered.failed("The mail server answers %d.".formatted(refusal.getReplyCode()));
      case ConnectException _ -> Delivered.failed("The mail server cannot be reached.");
      default ->
          Delivered.unknown(
              "The mail server did not answer (%s).".formatted(failure.getClass().getSimpleName()));
    };
  }

  private static Future<Delivered> refused(String reason) {
    return Future.succeededFuture(Delivered.refused(reason));
  }
}
