using System.Collections.Generic;
using System.Linq;
using BluetapLib.Json;
using BluetapLib.Transports;

namespace Bluetap
{
    /// <summary>Shows the devices that are attached. It opens none.</summary>
    internal static class ListCommand
    {
        public static int Run(string[] words)
        {
            Arguments typed = new Arguments(words, new string[0], new[] { "--json" });
            if (typed.AsksForHelp)
            {
                Output.Print(Help.Of("list"));
                return ExitCodes.Ok;
            }

            ITransport transport = TransportFactory.Create("hid");
            IReadOnlyList<DeviceInfo> devices = new DeviceInfo[0];
            TransportException failure = null;
            try
            {
                devices = transport.List();
            }
            catch (TransportException error)
            {
                failure = error;
            }

            if (typed.Has("--json"))
            {
                Output.PrintJson(Json(transport.Name, devices, failure));
            }
            else
            {
                Output.Print(Text(devices, failure));
            }

            return Output.HasFailed ? ExitCodes.Failed : ExitCodes.Ok;
        }

        private static JsonObject Json(string name, IReadOnlyList<DeviceInfo> devices, TransportException failure)
        {
            JsonObject listing = new JsonObject();
            listing.Add("transport", name);
            if (failure == null)
            {
                listing.Add("devices", devices.Select(Json).ToList());
            }
            else
            {
                JsonObject error = new JsonObject();
                error.Add("code", Word(failure.Code));
                error.Add("message", failure.Message);
                listing.Add("error", error);
            }

            JsonObject value = new JsonObject();
            value.Add("transports", new List<object> { listing });
            return value;
        }

        private static object Json(DeviceInfo device)
        {
            JsonObject value = new JsonObject();
            value.Add("id", device.Id);
            value.Add("transport", device.Transport);
            value.Add("serialNumber", device.SerialNumber);
            value.Add("product", device.Product);
            value.Add("path", device.Path);
            return value;
        }

        private static string Word(TransportErrorCode code)
        {
            switch (code)
            {
                case TransportErrorCode.NotFound: return "not-found";
                case TransportErrorCode.AccessDenied: return "access-denied";
                case TransportErrorCode.MissingLibrary: return "missing-library";
                default: return code.ToString().ToLowerInvariant();
            }
        }

        private static string Text(IReadOnlyList<DeviceInfo> devices, TransportException failure)
        {
            if (failure != null)
            {
                return "No device was found.\nhid: " + failure.Message;
            }

            if (devices.Count == 0)
            {
                return "No device is attached.";
            }

            IEnumerable<string> rows = devices.Select(device =>
                (device.SerialNumber ?? "-") + "  " + (device.Product ?? "-") + "  " + (device.Path ?? device.Id));
            return "SERIAL NUMBER  PRODUCT  PATH\n" + string.Join("\n", rows);
        }
    }
}
