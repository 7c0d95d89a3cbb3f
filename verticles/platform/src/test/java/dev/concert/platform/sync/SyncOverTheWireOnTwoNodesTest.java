package dev.concert.platform.sync;

import dev.concert.platform.harness.OnTwoNodes;

@OnTwoNodes
class SyncOverTheWireOnTwoNodesTest extends SyncOverTheWireTest {}
