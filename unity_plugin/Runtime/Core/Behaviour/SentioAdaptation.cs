using System;
using System.Collections.Generic;
using Sentio.Behaviour;

namespace Sentio
{
    /// <summary>One change that a game made to itself, as it is reported and recorded.</summary>
    public sealed class SentioAdaptation
    {
        private const int MostName = 256;
        private const int MostCause = 2048;

        /// <summary>A change of <paramref name="what"/>; without <paramref name="asked"/> it was not limited.</summary>
        public SentioAdaptation(string what, double value, string why, double asked = double.NaN)
        {
            What = what ?? "";
            Value = value;
            Why = why ?? "";
            Asked = double.IsNaN(asked) ? value : asked;
        }

        /// <summary>What was changed, such as demand.</summary>
        public string What { get; private set; }

        /// <summary>The value that it was given.</summary>
        public double Value { get; private set; }

        /// <summary>The value that was requested before limits.</summary>
        public double Asked { get; private set; }

        /// <summary>The true cause, in one line.</summary>
        public string Why { get; private set; }

        /// <summary>Author of an override or a freeze; empty for the game's own adaptation.</summary>
        public string By { get; private set; } = "";

        /// <summary>Seconds that an override or a freeze lasted; NaN while it lasts, and for all else.</summary>
        public double Seconds { get; private set; } = double.NaN;

        /// <summary>Sets the author, and the duration of what has ended; returns itself.</summary>
        public SentioAdaptation Authored(string by, double lasted = double.NaN)
        {
            By = by ?? "";
            Seconds = lasted;
            return this;
        }

        /// <summary>Why a sidecar would refuse it, in one line; empty if it takes it.</summary>
        public string Problem()
        {
            int named = Letters(What), author = Letters(By), cause = Letters(Why);
            if (named == 0 || named > MostName) return "a name has 1 to " + MostName + " characters, got " + named;
            if (!Elapsed.IsFinite(Value)) return "its value is not a finite number";
            if (author > MostName) return "an author has at most " + MostName + " characters, got " + author;
            return cause > MostCause ? "a cause has at most " + MostCause + " characters, got " + cause : "";
        }

        // A character may be two of C#'s, as most pictures are.
        private static int Letters(string text)
        {
            int count = 0;
            foreach (char one in text) if (!char.IsLowSurrogate(one)) count++;
            return count;
        }

        /// <summary>The arguments of the request adaptation (PROTOCOL.md, section 6).</summary>
        public Dictionary<string, object> Arguments()
        {
            var all = new Dictionary<string, object> { { "what", What }, { "value", Value }, { "why", Why } };
            if (Elapsed.IsFinite(Asked) && Math.Abs(Asked - Value) > 0) all["asked"] = Asked;
            if (By.Length > 0) all["by"] = By;
            if (Elapsed.IsFinite(Seconds)) all["seconds"] = Seconds;
            return all;
        }
    }
}
