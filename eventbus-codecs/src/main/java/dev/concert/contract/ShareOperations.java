package dev.concert.contract;

import static dev.concert.contract.ApiOperation.message;
import static dev.concert.contract.Field.integer;
import static dev.concert.contract.Field.string;
import static dev.concert.contract.HttpRoute.Method.DELETE;
import static dev.concert.contract.HttpRoute.Method.GET;
import static dev.concert.contract.HttpRoute.Method.POST;
import static dev.concert.protocol.Permission.THREADS_WRITE;

import dev.concert.protocol.ServerEvent;
import dev.concert.protocol.ShareMessage;

/** The rows about links by which anybody reads a session. Who may write to it may share it. */
public final class ShareOperations {
  private static final Field SESSION = string("sessionId", 128);
  private static final String SHARES = "/api/sessions/{sessionId}/shares";
  private static final int WEEK = 7 * 24;
  private static final int YEAR = 366 * 24;

  public static final ApiOperation<ShareMessage.CreateShare, ServerEvent.ShareCreated>
      CREATE_SHARE =
          message("create_share", ShareMessage.CreateShare.class, ServerEvent.ShareCreated.class)
              .since(2)
              .needs(THREADS_WRITE)
              .takes(SESSION, integer("expiresInHours", 1, YEAR).orElse(WEEK))
              .alsoAt(POST, SHARES)
              .withStatus(201);

  public static final ApiOperation<ShareMessage.ListShares, ServerEvent.ShareList> LIST_SHARES =
      message("list_shares", ShareMessage.ListShares.class, ServerEvent.ShareList.class)
          .since(2)
          .needs(THREADS_WRITE)
          .takes(SESSION)
          .alsoAt(GET, SHARES);

  public static final ApiOperation<ShareMessage.RevokeShare, ServerEvent.ShareRevoked>
      REVOKE_SHARE =
          message("revoke_share", ShareMessage.RevokeShare.class, ServerEvent.ShareRevoked.class)
              .since(2)
              .needs(THREADS_WRITE)
              .takes(SESSION, string("shareId", 64))
              .alsoAt(DELETE, SHARES + "/{shareId}");

  private ShareOperations() {}
}
