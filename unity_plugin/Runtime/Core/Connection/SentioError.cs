using System.Collections.Generic;

namespace Sentio
{
    /// <summary>An error: what failed, and what to do about it.</summary>
    public sealed class SentioError
    {
        /// <summary>A code of PROTOCOL.md, section 6, of <see cref="Zmtp"/>, or one of the client's own:
        /// timeout, busy, closed, unreachable.</summary>
        public readonly string Code;

        /// <summary>One line of text.</summary>
        public readonly string Message;

        /// <summary>How to fix it; may be empty.</summary>
        public readonly string Fix;

        /// <summary>An error with its fix.</summary>
        public SentioError(string code, string message, string fix)
        {
            Code = code;
            Message = message;
            Fix = fix;
        }

        /// <summary>The error in the map of a failed reply.</summary>
        public static SentioError FromMap(object map)
        {
            var about = map as Dictionary<string, object>;
            return new SentioError(
                Text(about, "code", "failed"), Text(about, "message", "the sidecar gave no reason"), Text(about, "fix", ""));
        }

        /// <summary>Message and fix in one line.</summary>
        public override string ToString() { return Fix.Length == 0 ? Message : Message + " (" + Fix + ")"; }

        private static string Text(Dictionary<string, object> map, string key, string fallback)
        {
            object value;
            return map != null && map.TryGetValue(key, out value) && value is string ? (string)value : fallback;
        }
    }
}
