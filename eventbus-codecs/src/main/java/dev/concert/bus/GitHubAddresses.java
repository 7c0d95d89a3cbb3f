package dev.concert.bus;

import static dev.concert.bus.Address.Delivery.ONCE;
import static dev.concert.bus.Address.Delivery.REPEATABLE;

import dev.concert.automation.EventMessages.AskWriteAccess;
import dev.concert.automation.EventMessages.WriteAccess;
import dev.concert.bridge.BridgeMessages.AddBridge;
import dev.concert.bridge.BridgeMessages.Bridge;
import dev.concert.bridge.BridgeMessages.BridgeTested;
import dev.concert.bridge.BridgeMessages.Bridges;
import dev.concert.bridge.BridgeMessages.DeliverWebhook;
import dev.concert.bridge.BridgeMessages.ForgetTenant;
import dev.concert.bridge.BridgeMessages.ListBridges;
import dev.concert.bridge.BridgeMessages.RemoveBridge;
import dev.concert.bridge.BridgeMessages.TestBridge;
import dev.concert.bridge.BridgeMessages.WebhookReply;
import dev.concert.bridge.GitOriginMessages.OpenOrigin;
import dev.concert.bridge.GitOriginMessages.OriginOpened;

/**
 * The addresses of the GitHub service. An App is a bridge to clients, so the messages are those.
 */
public final class GitHubAddresses {
  public static final Address<DeliverWebhook, WebhookReply> DELIVER_WEBHOOK =
      any("webhook", DeliverWebhook.class, WebhookReply.class, ONCE);
  public static final Address<AddBridge, Bridge> ADD_APP =
      any("add", AddBridge.class, Bridge.class, ONCE);
  public static final Address<ListBridges, Bridges> LIST_APPS =
      any("list", ListBridges.class, Bridges.class, REPEATABLE);
  public static final Address<TestBridge, BridgeTested> TEST_APP =
      any("test", TestBridge.class, BridgeTested.class, REPEATABLE);
  public static final Address<RemoveBridge, Accepted> REMOVE_APP =
      any("remove", RemoveBridge.class, Accepted.class, REPEATABLE);
  public static final Address<ForgetTenant, Accepted> FORGET_TENANT =
      any("tenant.forget", ForgetTenant.class, Accepted.class, REPEATABLE);
  public static final Address<AskWriteAccess, WriteAccess> ASK_WRITE_ACCESS =
      any("write.access", AskWriteAccess.class, WriteAccess.class, REPEATABLE);

  /** Fails with a sentence for whoever runs git where the session has no repository. */
  public static final Address<OpenOrigin, OriginOpened> OPEN_ORIGIN =
      any("origin.open", OpenOrigin.class, OriginOpened.class, REPEATABLE);

  private GitHubAddresses() {}

  private static <Q extends Record, R extends Record> Address<Q, R> any(
      String operation, Class<Q> request, Class<R> reply, Address.Delivery delivery) {
    return Addresses.any(Service.GITHUB, operation, request, reply, delivery);
  }
}
