using System.Collections.Generic;
using System.Linq;
using BluetapLib;

namespace Bluetap
{
    /// <summary>Results for a person.</summary>
    internal static class ResultText
    {
        /// <summary>The lines for stdout.</summary>
        public static string Of(string command, CommandResult result)
        {
            List<string[]> rows = new List<string[]>
            {
                new[] { "command", OutcomeText(result) },
                new[] { "link", LinkText(command, result.LinkLive) },
            };
            if (result.State != null)
            {
                bool ofAnother = result.State == PaymentLinkState.Ready && result.LinkLive == LinkLive.No;
                rows.Add(new[]
                {
                    "state",
                    ofAnother ? "ready, with the payment link of another command" : ResultJson.Word(result.State.Value),
                });
            }

            if (result.Remaining != null)
            {
                rows.Add(new[] { "remaining", Seconds(result.Remaining.Value) });
            }

            if (result.Taps != null)
            {
                rows.Add(new[] { "taps", Taps(result.Taps.Value, result.State) });
            }

            if (result.Device != null)
            {
                rows.Add(new[] { IsOther(result) ? "there now" : "device", Device(result.Device) });
            }

            string shown = command == "pay" && result.Code == ResultCode.SUCCESS
                ? result.LinkLive == LinkLive.Yes
                    ? ": the device shows the payment link; this never means paid"
                    : ": the device has shown the payment link, which is over already; this never means paid"
                : string.Empty;
            return result.Code + shown + "\n" + Table(rows);
        }

        /// <summary>What to do about a result that is no success, for stderr.</summary>
        public static string Advice(string command, CommandResult result)
        {
            if (IsOther(result))
            {
                return "Do not send it again: connect " + result.Attempt.SerialNumber +
                    ", the device that got it, and ask that device.";
            }

            switch (result.Outcome)
            {
                case Outcome.Unknown:
                    return command == "pay"
                        ? "Do not send it again to find out. With the same --transport, \"bluetap status\" says what " +
                            "the device shows, and \"bluetap cancel\" ends that payment link."
                        : "With the same --transport, \"bluetap status\" says whether a payment link is still live.";
                case Outcome.Refused:
                    return "The device did not execute it.";
                default:
                    return "It was not executed, so it is safe to send it again.";
            }
        }

        public static string Of(PaymentLinkStatus status, DeviceIdentity device)
        {
            List<string[]> rows = new List<string[]>
            {
                new[] { "state", StateText(status.State) },
                new[] { "method", status.PaymentMethod },
                new[] { "amount", status.Amount },
                new[] { "order id", status.OrderId },
                new[] { "remaining", status.Remaining == null ? null : Seconds(status.Remaining.Value) },
                new[] { "taps", Taps(status.Taps, status.State) },
                new[] { "device", device == null ? null : Device(device) },
            };
            return Table(rows.Where(row => row[1] != null));
        }

        public static string Of(DeviceIdentity device)
        {
            return Table(new[]
            {
                new[] { "device", Device(device) },
                new[] { "id", device.Id },
                new[] { "boot id", "0x" + device.BootId.ToString("x8") },
            });
        }

        private static bool IsOther(CommandResult result)
        {
            return result.Device != null && result.Attempt != null &&
                result.Device.SerialNumber != result.Attempt.SerialNumber;
        }

        private static string OutcomeText(CommandResult result)
        {
            switch (result.Outcome)
            {
                case Outcome.NotSent: return "not sent: no byte of it left this machine";
                case Outcome.Refused: return "refused by the device";
                case Outcome.Executed: return "executed";
                case Outcome.NotExecuted: return "not executed: the device says so";
                default:
                    return "unknown: it may have been executed" +
                        (result.IsPending ? string.Empty : ", and this will not become known");
            }
        }

        private static string LinkText(string command, LinkLive linkLive)
        {
            bool pay = command == "pay";
            switch (linkLive)
            {
                case LinkLive.Yes: return pay ? "live: a phone can read it" : "still live";
                case LinkLive.No: return "not live";
                default: return pay ? "may be live" : "may still be live";
            }
        }

        private static string StateText(PaymentLinkState state)
        {
            switch (state)
            {
                case PaymentLinkState.Idle: return "idle: no payment link since the device started";
                case PaymentLinkState.Ready: return "ready: the payment link is live, a phone can read it";
                case PaymentLinkState.Expired: return "expired: the payment link ended by itself";
                default: return "cancelled: the payment link was ended by a host";
            }
        }

        private static string Taps(int taps, PaymentLinkState? state)
        {
            bool ended = state == PaymentLinkState.Cancelled || state == PaymentLinkState.Expired;
            return taps > 0 && ended
                ? taps + ": a phone read the payment link before it ended, so it may have been paid"
                : taps.ToString();
        }

        private static string Device(DeviceIdentity device)
        {
            string mark = device.IsSimulated ? ", SIMULATED: nothing that it shows can be paid" : string.Empty;
            return device.SerialNumber + " (" + device.Model + ", firmware " + device.Firmware + ")" + mark;
        }

        private static string Seconds(long count)
        {
            return count == 1 ? "1 second" : count + " seconds";
        }

        private static string Table(IEnumerable<string[]> rows)
        {
            List<string[]> all = rows.ToList();
            int width = all.Max(row => row[0].Length);
            return string.Join("\n", all.Select(row => "  " + row[0].PadRight(width) + "  " + row[1]));
        }
    }
}
