/**
 * A node of a cluster: several JVMs that each run a part of the services and share one event bus.
 *
 * <p>Hazelcast carries the registrations of the bus and nothing else; its maps and locks prove
 * nothing after a partition. The <em>owner</em> of an instance and its workspace is the node whose
 * disk has the instance's folder. A gateway <em>places</em> an instance once, and keeps the node's
 * name durably; where it has none, it asks all coordinators who has the folder.
 */
package dev.concert.platform.cluster;
