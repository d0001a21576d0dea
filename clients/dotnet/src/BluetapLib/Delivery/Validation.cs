using System.Collections.Generic;
using System.Globalization;
using BluetapLib.Json;
using BluetapLib.Protocol;

namespace BluetapLib.Delivery
{
    /// <summary>Checks a command before anything leaves, with a message for each wrong field.</summary>
    internal static class Validation
    {
        /// <summary>Longer values are cut in a message.</summary>
        private const int ShownCharacters = 40;

        private static readonly string MethodRule =
            "must be one of " + string.Join(", ", Schema.PaymentMethods) + ", in upper case";

        private const string AmountRule =
            "must be a string of digits with at most one decimal point between digits, 1 to 8 characters, such as " +
            "\"120.00\"";

        private const string OrderRule = "must be a string of printable ASCII without spaces, 1 to 16 characters";
        private const string ExpiryRule = "must be a whole number of seconds from 1 to 2147483647";

        /// <summary>Returns every field of a PayCommand that breaks its rule.</summary>
        public static List<FieldError> Check(PayCommand command)
        {
            List<FieldError> errors = new List<FieldError>();
            if (command == null)
            {
                errors.Add(new FieldError("PayCommand", Reason.MissingField, "is null: give a PayCommand"));
                return errors;
            }

            if (command.PaymentMethod == null)
            {
                errors.Add(new FieldError("PaymentMethod", Reason.MissingField, "is missing; it " + MethodRule));
            }
            else
            {
                Check(errors, Field.PaymentMethod, "PaymentMethod", command.PaymentMethod, MethodRule);
            }

            Check(errors, Field.Amount, "Amount", command.Amount, AmountRule);
            Check(errors, Field.OrderId, "OrderId", command.OrderId, OrderRule);
            if (command.ExpiryTime < 1)
            {
                string value = command.ExpiryTime.ToString(CultureInfo.InvariantCulture);
                errors.Add(new FieldError("ExpiryTime", Reason.BadValue, ExpiryRule + ", but is " + value));
            }

            return errors;
        }

        /// <summary>Returns the order id of a CANCEL if it breaks its rule.</summary>
        public static List<FieldError> CheckOrderId(string orderId)
        {
            List<FieldError> errors = new List<FieldError>();
            Check(errors, Field.OrderId, "OrderId", orderId, OrderRule);
            return errors;
        }

        /// <exception cref="BluetapException">PARAM_ILLEGAL that names every wrong field.</exception>
        public static void ThrowIfAny(List<FieldError> errors)
        {
            if (errors.Count > 0)
            {
                string text = string.Join("; ", errors.ConvertAll(error => error.Field + " " + error.Message));
                throw new BluetapException(ResultCode.PARAM_ILLEGAL, text, null, null, errors);
            }
        }

        private static void Check(List<FieldError> errors, Field field, string name, string value, string rule)
        {
            if (value == null || Schema.Row(field).Coder.Write(value) != null)
            {
                return;
            }

            int reason = field == Field.PaymentMethod ? Reason.UnknownPaymentMethod : Reason.BadValue;
            errors.Add(new FieldError(name, reason, rule + ", but is " + Show(value)));
        }

        private static string Show(string value)
        {
            return value.Length <= ShownCharacters
                ? JsonWriter.Write(value)
                : JsonWriter.Write(value.Substring(0, ShownCharacters) + "...") + " (" + value.Length + " characters)";
        }
    }
}
