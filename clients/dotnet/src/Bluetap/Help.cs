namespace Bluetap
{
    /// <summary>The help, at most 80 columns wide.</summary>
    internal static class Help
    {
        private const string Main =
@"Usage: bluetap COMMAND [OPTIONS]

Send PayCommands to a BlueTap NFC payment device.

Commands:
  pay       ask the device to show the payment link of a PayCommand
  cancel    ask the device to end its payment link
  status    ask what the device shows now
  info      ask for the model and the serial number of the device
  list      show the devices that are attached
  --lines   read calls from stdin, one JSON object on each line
  --version print the version

bluetap COMMAND --help explains the options of a command.

Exit codes: 0 SUCCESS, 2 PARAM_ILLEGAL, 3 DEVICE_DISCONNECTED, 4 PROCESS_FAIL,
5 UNKNOWN_EXCEPTION, 64 a wrong option. SUCCESS never means paid.";

        private const string Session =
@"  --transport T         hid, hid:/dev/hidrawN, serial:PATH, tcp://HOST:PORT or
                        unix:PATH (default: $BLUETAP_TRANSPORT, or hid)
  --device ID           which device: its serial number, or its id at the
                        transport (default: $BLUETAP_DEVICE)
  --timeout MS          time limit for the whole call in milliseconds
                        (default: 5000)
  --json                print one JSON object
  -h, --help            print this help";

        private const string Pay =
@"Usage: bluetap pay [OPTIONS]

Ask the device to show the payment link of a PayCommand. SUCCESS means that the
device shows the payment link. It never means that the shopper has paid.

Options:
  --payment-method M    TRUEMONEY, SEVEN_11, ALIPAY_CN or ALIPAY_PLUS
  --amount AMOUNT       1 to 8 characters, digits with at most one point between
                        digits: 120.00
  --order-id ID         printable ASCII without spaces, 1 to 16 characters
  --expiry-time SECONDS how long the payment link is live: 1 to 2147483647
                        (default: 900)
" + Session + @"

The first Ctrl-C ends the call and prints what is known about the command. The
second Ctrl-C ends the program immediately.

Example:
  bluetap pay --transport tcp://127.0.0.1:4000 --payment-method TRUEMONEY";

        private const string Cancel =
@"Usage: bluetap cancel [OPTIONS]

Ask the device to end its payment link. SUCCESS means that no such payment link
is live now.

Options:
  --order-id ID         only the payment link of this order
" + Session;

        private const string Status =
            "Usage: bluetap status [OPTIONS]\n\nAsk what the device shows now.\n\nOptions:\n" + Session;

        private const string Info =
            "Usage: bluetap info [OPTIONS]\n\nAsk for the model, the firmware and the serial number of the " +
            "device.\n\nOptions:\n" + Session;

        private const string List =
@"Usage: bluetap list [OPTIONS]

Show the devices that are attached. It asks the operating system only, and takes
no session from another program.

Options:
  --json                print one JSON object
  -h, --help            print this help";

        private const string Lines =
@"Usage: bluetap --lines

Read calls from stdin, one JSON object on each line, and print the result of
each call as one line. The program ends when stdin is closed.

  {""do"":""pay"",""paymentMethod"":""TRUEMONEY"",""amount"":""27.01"",""orderId"":""A1""}
  {""do"":""cancel"",""orderId"":""A1"",""timeoutMs"":5000}
  {""do"":""status""}
  {""do"":""outcome""}

""outcome"" asks again about the latest command in doubt. The environment
variables BLUETAP_TRANSPORT and BLUETAP_DEVICE choose the device.";

        /// <summary>The help of a command, or of the program.</summary>
        public static string Of(string command)
        {
            switch (command)
            {
                case "pay": return Pay.Replace("\r", string.Empty);
                case "cancel": return Cancel.Replace("\r", string.Empty);
                case "status": return Status.Replace("\r", string.Empty);
                case "info": return Info.Replace("\r", string.Empty);
                case "list": return List.Replace("\r", string.Empty);
                case "--lines": return Lines.Replace("\r", string.Empty);
                default: return Main.Replace("\r", string.Empty);
            }
        }
    }
}
