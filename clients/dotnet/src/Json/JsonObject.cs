using System.Collections;
using System.Collections.Generic;

namespace BluetapLib.Json
{
    /// <summary>
    /// A JSON object whose members keep their order. A value is a <see cref="string"/>, a <see cref="long"/>, a
    /// <see cref="double"/>, a <see cref="bool"/>, a list of values, another object, or null.
    /// </summary>
    internal sealed class JsonObject : IEnumerable<KeyValuePair<string, object>>
    {
        private readonly List<KeyValuePair<string, object>> members = new List<KeyValuePair<string, object>>();

        /// <summary>The value of a member; null if there is no such member. The last one counts.</summary>
        public object this[string name]
        {
            get
            {
                for (int at = members.Count - 1; at >= 0; at--)
                {
                    if (members[at].Key == name)
                    {
                        return members[at].Value;
                    }
                }

                return null;
            }
        }

        public bool Has(string name)
        {
            return members.Exists(member => member.Key == name);
        }

        /// <summary>Adds a member, unless its value is null.</summary>
        public void Add(string name, object value)
        {
            if (value != null)
            {
                AddEvenNull(name, value);
            }
        }

        public void AddEvenNull(string name, object value)
        {
            members.Add(new KeyValuePair<string, object>(name, value));
        }

        public IEnumerator<KeyValuePair<string, object>> GetEnumerator()
        {
            return members.GetEnumerator();
        }

        IEnumerator IEnumerable.GetEnumerator()
        {
            return GetEnumerator();
        }
    }
}
