package dev.concert.bridge;

import dev.concert.bridge.BridgeMessages.Bridge;
import dev.concert.protocol.SecretReply;

/** How Apps, installations and people of GitHub come to a tenant and its members. */
public interface GitHubAccountMessages {
  /**
   * An admin wants GitHub to make an App.
   *
   * @param organization that will own it; empty for the admin's own account
   */
  record BeginApp(String tenantId, String userId, String organization) {}

  /**
   * What a browser has to post to GitHub.
   *
   * @param url to which the form goes; has the state
   * @param manifest the form's only field, JSON
   * @param expiresAt Unix milliseconds
   */
  record AppBegun(String url, String manifest, long expiresAt) implements SecretReply {
    @Override
    public boolean hasSecret() {
      return true;
    }

    /** Without the state. */
    @Override
    public String toString() {
      return "AppBegun[]";
    }
  }

  /** GitHub sent the browser back. */
  record CompleteApp(String tenantId, String userId, String code, String state) {
    /** Without the code. */
    @Override
    public String toString() {
      return "CompleteApp[%s, %s]".formatted(tenantId, userId);
    }
  }

  /**
   * @param installUrl where a person installs the App on repositories
   */
  record AppConnected(Bridge bridge, String installUrl) {}

  record BindInstallation(
      String tenantId, String userId, String connectionId, long installationId) {}

  /**
   * An installation that the tenant has from now on.
   *
   * @param account login of the account on which the App is installed
   */
  record InstallationBound(String connectionId, long installationId, String account) {}

  /**
   * A member wants to say who they are on GitHub.
   *
   * @param connectionId of the App by which; empty for the tenant's only one
   * @param device whether it is done on another device, with a code
   */
  record BeginLink(String tenantId, String userId, String connectionId, boolean device) {}

  /**
   * @param url where the member goes
   * @param userCode that the member types there; empty where a browser comes back by itself
   * @param state names the attempt; a secret of the member
   * @param expiresAt Unix milliseconds
   */
  record LinkBegun(String url, String userCode, String state, long expiresAt)
      implements SecretReply {
    @Override
    public boolean hasSecret() {
      return true;
    }

    /** Without the codes. */
    @Override
    public String toString() {
      return "LinkBegun[]";
    }
  }

  /**
   * @param code that the browser came back with; empty on another device
   */
  record CompleteLink(String tenantId, String userId, String state, String code) {
    /** Without the code. */
    @Override
    public String toString() {
      return "CompleteLink[%s, %s]".formatted(tenantId, userId);
    }
  }

  record ReadLink(String tenantId, String userId) {}

  record RemoveLink(String tenantId, String userId) {}

  /**
   * Who a member is on GitHub.
   *
   * @param state {@code linked}, {@code pending} or {@code none}
   * @param login empty where there is no link
   * @param githubId number of the account; 0 where there is no link
   * @param retryAfterMs when to ask again, where the link is pending
   */
  record LinkState(String state, String login, long githubId, long retryAfterMs) {
    public static LinkState none() {
      return new LinkState("none", "", 0, 0);
    }

    public static LinkState pending(long retryAfterMs) {
      return new LinkState("pending", "", 0, retryAfterMs);
    }

    public static LinkState linked(String login, long githubId) {
      return new LinkState("linked", login, githubId, 0);
    }
  }
}
