using System;
using BluetapLib;
using BluetapLib.Json;

namespace Bluetap
{
    /// <summary>Results as JSON, with the names and the order of docs/reference/cli.md.</summary>
    internal static class ResultJson
    {
        public static JsonObject Of(CommandResult result)
        {
            JsonObject value = Facts(result.Code, result.Outcome, result.LinkLive, result.IsPending);
            value.Add("state", result.State == null ? null : Word(result.State.Value));
            value.Add("remaining", result.Remaining);
            if (result.Previous != null)
            {
                JsonObject previous = new JsonObject();
                previous.Add("state", Word(result.Previous.State));
                previous.Add("taps", result.Previous.Taps);
                value.Add("previous", previous);
            }

            value.Add("taps", result.Taps);
            value.Add("attempt", result.Attempt == null ? null : JsonReader.Read(result.Attempt.ToJson()));
            value.Add("device", Of(result.Device));
            value.Add("error", result.Error == null ? null : ErrorOf(result.Error, result.Reason));
            return value;
        }

        /// <summary>The answer to "outcome" of --lines.</summary>
        public static JsonObject Of(OutcomeFacts facts)
        {
            ResultCode code = facts.Outcome == Outcome.Executed ? ResultCode.SUCCESS
                : facts.Outcome == Outcome.NotExecuted ? ResultCode.PROCESS_FAIL
                : facts.IsPending ? ResultCode.DEVICE_DISCONNECTED : ResultCode.UNKNOWN_EXCEPTION;
            return Facts(code, facts.Outcome, facts.LinkLive, facts.IsPending);
        }

        public static JsonObject Of(PaymentLinkStatus status, DeviceIdentity device)
        {
            JsonObject value = new JsonObject();
            value.Add("code", ResultCode.SUCCESS.ToString());
            value.Add("paymentMethod", status.PaymentMethod);
            value.Add("amount", status.Amount);
            value.Add("orderId", status.OrderId);
            value.Add("state", Word(status.State));
            value.Add("remaining", status.Remaining);
            value.Add("taps", status.Taps);
            value.Add("device", Of(device));
            return value;
        }

        public static JsonObject Of(DeviceIdentity device)
        {
            if (device == null)
            {
                return null;
            }

            JsonObject value = new JsonObject();
            value.Add("model", device.Model);
            value.Add("firmware", device.Firmware);
            value.Add("serialNumber", device.SerialNumber);
            value.Add("bootId", device.BootId);
            value.Add("simulated", device.IsSimulated);
            value.Add("tapSource", device.TapSource?.ToString().ToLowerInvariant());
            value.Add("id", device.Id);
            return value;
        }

        /// <summary>A question that failed.</summary>
        public static JsonObject OfFailure(ResultCode code, Exception error)
        {
            JsonObject value = new JsonObject();
            value.Add("code", code.ToString());
            value.Add("error", ErrorOf(error, (error as BluetapException)?.Reason));
            return value;
        }

        public static string Word(PaymentLinkState state)
        {
            return state.ToString().ToLowerInvariant();
        }

        private static JsonObject Facts(ResultCode code, Outcome outcome, LinkLive linkLive, bool isPending)
        {
            JsonObject value = new JsonObject();
            value.Add("code", code.ToString());
            value.Add("outcome", Word(outcome));
            value.Add("linkLive", linkLive.ToString().ToLowerInvariant());
            value.Add("pending", isPending);
            return value;
        }

        private static string Word(Outcome outcome)
        {
            switch (outcome)
            {
                case Outcome.NotSent: return "not-sent";
                case Outcome.NotExecuted: return "not-executed";
                default: return outcome.ToString().ToLowerInvariant();
            }
        }

        private static JsonObject ErrorOf(Exception error, int? reason)
        {
            JsonObject value = new JsonObject();
            value.Add("message", error.Message);
            value.Add("reason", reason);
            return value;
        }
    }
}
