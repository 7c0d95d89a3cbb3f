package dev.concert.bus;

import static dev.concert.bus.Address.Delivery.ONCE;
import static dev.concert.bus.Address.Delivery.REPEATABLE;

import dev.concert.automation.DeliveryMessages.AddPushDevice;
import dev.concert.automation.DeliveryMessages.Delivered;
import dev.concert.automation.DeliveryMessages.GetInboxDelivery;
import dev.concert.automation.DeliveryMessages.ListPushDevices;
import dev.concert.automation.DeliveryMessages.MailMember;
import dev.concert.automation.DeliveryMessages.NotifyMember;
import dev.concert.automation.DeliveryMessages.RemovePushDevice;
import dev.concert.automation.DeliveryMessages.TestInboxDelivery;
import dev.concert.automation.DeliveryMessages.UpdateInboxDelivery;
import dev.concert.protocol.DeliveryChannel;
import dev.concert.protocol.DeliveryChannels;
import dev.concert.protocol.PushDevice;
import dev.concert.protocol.PushDevices;

/** The addresses by which what comes into an inbox reaches its owner elsewhere. */
public final class DeliveryAddresses {
  public static final Address<GetInboxDelivery, DeliveryChannels> GET_INBOX_DELIVERY =
      Addresses.any(
          Service.AUTOMATIONS,
          "delivery.get",
          GetInboxDelivery.class,
          DeliveryChannels.class,
          REPEATABLE);
  public static final Address<UpdateInboxDelivery, DeliveryChannel> UPDATE_INBOX_DELIVERY =
      Addresses.any(
          Service.AUTOMATIONS,
          "delivery.update",
          UpdateInboxDelivery.class,
          DeliveryChannel.class,
          ONCE);
  public static final Address<TestInboxDelivery, DeliveryChannel> TEST_INBOX_DELIVERY =
      Addresses.any(
          Service.AUTOMATIONS,
          "delivery.test",
          TestInboxDelivery.class,
          DeliveryChannel.class,
          ONCE);
  public static final Address<ListPushDevices, PushDevices> LIST_PUSH_DEVICES =
      Addresses.any(
          Service.AUTOMATIONS, "push.list", ListPushDevices.class, PushDevices.class, REPEATABLE);
  public static final Address<AddPushDevice, PushDevice> ADD_PUSH_DEVICE =
      Addresses.any(
          Service.AUTOMATIONS, "push.add", AddPushDevice.class, PushDevice.class, REPEATABLE);
  public static final Address<RemovePushDevice, Accepted> REMOVE_PUSH_DEVICE =
      Addresses.any(
          Service.AUTOMATIONS, "push.remove", RemovePushDevice.class, Accepted.class, ONCE);
  public static final Address<MailMember, Delivered> MAIL_MEMBER =
      Addresses.any(Service.GATEWAY, "member.mail", MailMember.class, Delivered.class, ONCE);
  public static final Address<NotifyMember, Delivered> NOTIFY_MEMBER =
      Addresses.any(
          Service.BRIDGES, "member.notify", NotifyMember.class, Delivered.class, REPEATABLE);

  private DeliveryAddresses() {}
}
