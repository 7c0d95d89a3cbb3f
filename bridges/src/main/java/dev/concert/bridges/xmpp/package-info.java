/**
 * XMPP, as a user of a server, over one connection for each bridge. An {@link
 * dev.concert.bridges.xmpp.XmppElement} is what goes over it, an {@link
 * dev.concert.bridges.xmpp.XmppStream} is one connection; the {@link
 * dev.concert.bridges.xmpp.XmppClient} keeps it open.
 *
 * <p>It is spoken over the JDK's sockets and StAX. Smack would take the place of the stream, its
 * elements and the sign-in only, and bring its own threads, reconnections and static registries
 * beside what all platforms share here; rooms, what the server has taken, and files would stay.
 *
 * <p>A message that grows is corrected (XEP-0308). There are no buttons: people write what they
 * answer. The server says by its answer to a ping that it has taken what came before.
 */
package dev.concert.bridges.xmpp;
