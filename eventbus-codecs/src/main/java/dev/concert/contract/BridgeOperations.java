package dev.concert.contract;

import static dev.concert.contract.ApiOperation.route;
import static dev.concert.contract.Field.object;
import static dev.concert.contract.Field.string;
import static dev.concert.contract.HttpRoute.Method.DELETE;
import static dev.concert.contract.HttpRoute.Method.GET;
import static dev.concert.contract.HttpRoute.Method.POST;
import static dev.concert.protocol.Permission.INTEGRATIONS_MANAGE;
import static dev.concert.protocol.Permission.THREADS_READ;

import dev.concert.bridge.BridgeMessages;
import dev.concert.bus.Accepted;
import dev.concert.protocol.BridgeMessage;
import java.time.Duration;

/** Rows about chat bridges: who may manage integrations adds, tests and removes them. */
public final class BridgeOperations {
  private static final int ID = 64;
  private static final String ALL = "/api/bridges";
  private static final String ONE = ALL + "/{connectionId}";

  /** A platform is asked whether it takes the credentials. */
  private static final Duration CHECK = Duration.ofSeconds(30);

  public static final ApiOperation<BridgeMessage.AddBridge, BridgeMessages.Bridge> ADD_BRIDGE =
      route("add_bridge", BridgeMessage.AddBridge.class, BridgeMessages.Bridge.class, POST, ALL)
          .since(2)
          .needs(INTEGRATIONS_MANAGE)
          .takes(
              string("platform", 32),
              string("name", 100),
              object("settings", 16 << 10).optional(),
              object("secrets", 64 << 10))
          .where(BridgeMessage.AddBridge::fault)
          .within(CHECK)
          .withStatus(201);

  public static final ApiOperation<BridgeMessage.ListBridges, BridgeMessages.Bridges> LIST_BRIDGES =
      route("list_bridges", BridgeMessage.ListBridges.class, BridgeMessages.Bridges.class, GET, ALL)
          .since(2)
          .needs(INTEGRATIONS_MANAGE)
          .takes();

  public static final ApiOperation<BridgeMessage.TestBridge, BridgeMessages.BridgeTested>
      TEST_BRIDGE =
          route(
                  "test_bridge",
                  BridgeMessage.TestBridge.class,
                  BridgeMessages.BridgeTested.class,
                  POST,
                  ONE + "/test")
              .since(2)
              .needs(INTEGRATIONS_MANAGE)
              .takes(string("connectionId", ID))
              .within(CHECK);

  public static final ApiOperation<BridgeMessage.RemoveBridge, Accepted> REMOVE_BRIDGE =
      route("remove_bridge", BridgeMessage.RemoveBridge.class, Accepted.class, DELETE, ONE)
          .since(2)
          .needs(INTEGRATIONS_MANAGE)
          .takes(string("connectionId", ID));

  public static final ApiOperation<BridgeMessage.CreatePairingCode, BridgeMessages.PairingCode>
      CREATE_PAIRING_CODE =
          route(
                  "create_pairing_code",
                  BridgeMessage.CreatePairingCode.class,
                  BridgeMessages.PairingCode.class,
                  POST,
                  "/api/chat/pairing-codes")
              .since(2)
              .needs(THREADS_READ)
              .takes()
              .withStatus(201);

  private BridgeOperations() {}
}
