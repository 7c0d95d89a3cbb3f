/**
 * What chat bridges and the gateway say to each other over the bus. A bridge is a client like any
 * other: {@link dev.concert.bridge.ClientCalls} carries the operations of the contract table, with
 * the member for whom the bridge asks. {@link dev.concert.bridge.BridgeMessages} carries what the
 * gateway passes on to the bridges. {@link dev.concert.bridge.GitOriginMessages} is asked for the
 * git of agents.
 */
package dev.concert.bridge;
