package dev.concert.bridges.xmpp;

import dev.concert.foundation.config.ConfigReader;
import java.util.List;

/**
 * Configures XMPP.
 *
 * @param servers host and port of those that bridges may connect to: a tenant must not reach others
 *     from here
 */
public record XmppOptions(List<String> servers) {
  /**
   * @param section {@code bridges.xmpp}
   */
  public static XmppOptions from(ConfigReader section) {
    XmppOptions options = new XmppOptions(section.texts("servers"));
    section.refuseUnknown();
    return options;
  }
}
