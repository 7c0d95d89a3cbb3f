package dev.concert.contract;

import static dev.concert.contract.ApiOperation.message;
import static dev.concert.contract.Field.array;
import static dev.concert.contract.Field.choice;
import static dev.concert.contract.Field.flag;
import static dev.concert.contract.Field.integer;
import static dev.concert.contract.Field.line;
import static dev.concert.contract.Field.string;
import static dev.concert.contract.HttpRoute.Method.DELETE;
import static dev.concert.contract.HttpRoute.Method.GET;
import static dev.concert.contract.HttpRoute.Method.POST;
import static dev.concert.protocol.Permission.THREADS_CREATE;
import static dev.concert.protocol.Permission.THREADS_READ;

import dev.concert.protocol.KeyMessage;
import dev.concert.protocol.Permission;
import dev.concert.protocol.Role;
import dev.concert.protocol.ServerEvent;
import java.util.Arrays;

/**
 * Rows about API keys. Who may create sessions may create keys for their own programs; who was
 * demoted since can still list and revoke them. The keys of others need {@code members.manage},
 * which the handlers check.
 */
public final class KeyOperations {
  private static final int SESSIONS = 100;
  private static final int KEY_ID = 64;

  public static final ApiOperation<KeyMessage.CreateKey, ServerEvent.KeyCreated> CREATE_KEY =
      message("create_key", KeyMessage.CreateKey.class, ServerEvent.KeyCreated.class)
          .since(2)
          .needs(THREADS_CREATE)
          .takes(
              line("name", 100),
              choice(
                      "role",
                      Arrays.stream(Role.values()).map(Role::wireName).toArray(String[]::new))
                  .optional(),
              array("permissions", Permission.values().length).optional(),
              array("sessions", SESSIONS).optional(),
              integer("expiresAt", 1, Long.MAX_VALUE).optional())
          .where(KeyMessage.CreateKey::fault)
          .alsoAt(POST, "/api/keys")
          .withStatus(201);

  public static final ApiOperation<KeyMessage.ListKeys, ServerEvent.KeyList> LIST_KEYS =
      message("list_keys", KeyMessage.ListKeys.class, ServerEvent.KeyList.class)
          .since(2)
          .needs(THREADS_READ)
          .takes(
              flag("all").orElse(false),
              integer("limit", 1, 500).orElse(100),
              string("cursor", 256).optional())
          .alsoAt(GET, "/api/keys");

  public static final ApiOperation<KeyMessage.RevokeKey, ServerEvent.KeyRevoked> REVOKE_KEY =
      message("revoke_key", KeyMessage.RevokeKey.class, ServerEvent.KeyRevoked.class)
          .since(2)
          .needs(THREADS_READ)
          .takes(string("keyId", KEY_ID))
          .alsoAt(DELETE, "/api/keys/{keyId}");

  private KeyOperations() {}
}
