/**
 * The event bus with types.
 *
 * <p>An <em>address</em> names an operation of a service and who answers it: any instance of the
 * service, or the owner of a key (an instance, a workspace). A <em>topic</em> goes to all who
 * listen, an <em>inbox</em> to one subscriber. The <em>directory</em> says which <em>node</em> (one
 * JVM) owns a key; a node that is asked for what it does not own answers {@code NOT_OWNER}. Nothing
 * that a user was shown or sent depends on one message arriving: streams are numbered and replayed.
 *
 * <p>Large on purpose: what an address is, who answers it and how it fails are small types that
 * each caller needs together.
 */
package dev.concert.bus;
