/**
 * The contract: what a caller may ask of the gateway, on every transport.
 *
 * <p>An <em>operation</em> is one row of the table {@link dev.concert.contract.ContractTable}: its
 * name, its request and reply records, its fields with their bounds, the permission it needs, and
 * where it is served: as a message on the WebSocket, as an HTTP route, or both. A <em>planned</em>
 * operation is described and not served yet.
 *
 * <p>Everything else follows from the table: {@link dev.concert.contract.ApiRequestReader}
 * validates requests of all transports, the gateway registers one handler for each served row, and
 * {@link dev.concert.contract.ProtocolDocument} and {@link dev.concert.contract.OpenApiDocument}
 * describe it. The events that a client receives have a table of their own, {@link
 * dev.concert.protocol.ServerProtocol}.
 *
 * <p>A new message is a record in {@link dev.concert.protocol.ClientMessage}, a row, and a handler.
 */
package dev.concert.contract;
