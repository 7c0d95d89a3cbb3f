/**
 * XMPP, as a user of a server, over one connection for each bridge. An {@link
 * dev.concert.bridges.xmpp.XmppElement} is what goes over it, an {@link
 * dev.concert.bridges.xmpp.XmppStream} is one connection; the {@link
 * dev.concert.bridges.xmpp.XmppClient} keeps it open.
 *
 * <p>A message that grows is corrected (XEP-0308). There are no buttons: people write what they
 * answer. The server says by its answer to a ping that it has taken what came before.
 */
package dev.concert.bridges.xmpp;
