/**
 * Chronicle on the event bus: {@link dev.concert.chronicle.service.ChronicleVerticle} owns the
 * workspaces of this host, with their mounts, FUSE threads and recorders, and answers requests
 * about them.
 *
 * <p>Nouns. A <em>periodic task</em> repeats while the verticle lives. The <em>health monitor</em>
 * checks the workspaces that are in use.
 */
package dev.concert.chronicle.service;
