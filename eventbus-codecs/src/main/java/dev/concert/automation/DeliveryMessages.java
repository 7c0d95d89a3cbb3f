package dev.concert.automation;

import dev.concert.automation.AutomationMessages.Caller;

/** How what comes into an inbox also reaches its owner elsewhere. */
public interface DeliveryMessages {

  record GetInboxDelivery(Caller caller) {}

  /**
   * @param channel {@code webhook}, {@code email}, {@code chat} or {@code push}
   * @param from the least severity that goes there: {@code info}, {@code warning} or {@code error};
   *     {@code off} for nothing
   * @param url of a webhook; null leaves it as it is
   * @param newSecret whether a webhook is signed with a new secret from now on
   */
  record UpdateInboxDelivery(
      Caller caller, String channel, String from, String url, boolean newSecret) {}

  record TestInboxDelivery(Caller caller, String channel) {}

  record ListPushDevices(Caller caller) {}

  /**
   * @param endpoint where the browser's push service takes messages for it
   * @param p256dh the browser's public key, in Base64 for URLs
   * @param auth the browser's secret, in the same form
   * @param name for the member; null for none
   */
  record AddPushDevice(Caller caller, String endpoint, String p256dh, String auth, String name) {
    @Override
    public String toString() {
      return "AddPushDevice[" + caller + ", " + name + "]";
    }
  }

  record RemovePushDevice(Caller caller, String deviceId) {}

  /**
   * Mails a member.
   *
   * @param key of this mail: one that comes again has the same {@code Message-ID}
   */
  record MailMember(String tenantId, String userId, String key, String subject, String text) {}

  /**
   * Tells a member something in the direct chat in which they spoke to the bot.
   *
   * @param key one that was taken before changes nothing
   */
  record NotifyMember(String tenantId, String userId, String key, String text) {}

  /**
   * What became of a message to a member.
   *
   * @param outcome {@code sent}, {@code failed} where trying again may help, {@code refused} where
   *     it does not, or {@code unknown}
   * @param reason a sentence; empty for what is sent
   */
  record Delivered(String outcome, String reason) {
    public static final String IS_SENT = "sent";
    public static final String HAS_FAILED = "failed";
    public static final String IS_REFUSED = "refused";
    public static final String IS_UNKNOWN = "unknown";

    public static Delivered sent() {
      return new Delivered(IS_SENT, "");
    }

    public static Delivered failed(String reason) {
      return new Delivered(HAS_FAILED, reason);
    }

    public static Delivered refused(String reason) {
      return new Delivered(IS_REFUSED, reason);
    }

    public static Delivered unknown(String reason) {
      return new Delivered(IS_UNKNOWN, reason);
    }
  }
}
