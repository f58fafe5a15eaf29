using System.Collections.Generic;

namespace Sentio
{
    /// <summary>Texts for the sidecar's reasons for refusing a baseline.</summary>
    public static class CalibrationWords
    {
        /// <summary>Sentences for reasons such as <c>body:moving</c>.</summary>
        public static string[] Sentences(IEnumerable<object> reasons)
        {
            var all = new List<string>();
            foreach (object reason in reasons)
            {
                string code = reason as string ?? "";
                int colon = code.IndexOf(':');
                string words = Words(code.Substring(code.LastIndexOf(':') + 1));
                all.Add(colon < 0 ? words : Modality(code.Substring(0, colon)) + ": " + words + ".");
            }
            return all.ToArray();
        }

        private static string Words(string code)
        {
            switch (code)
            {
                case "too_short": return "there was too little data";
                case "bad_quality": return "the signal was poor: check that it sits well";
                case "moving": return "there was a lot of movement";
                case "talking": return "you were talking: stay silent";
                case "smiling": return "you were smiling: relax your face";
                case "not_at_rest": return "your heart rate was still settling: wait a minute, then try again";
                case "nothing_to_learn": return "nothing changed in it: is it worn?";
                case "nothing_heard": return "No sensor sent data. Is one connected, and did you allow it?";
                case "stopped": return "You stopped it. Nothing was kept.";
                default: return code.Replace('_', ' ');
            }
        }

        private static string Modality(string modality)
        {
            if (modality == "body") return "Heart and skin";
            if (modality == "eeg") return "EEG";
            return modality.Length == 0 ? "" : char.ToUpperInvariant(modality[0]) + modality.Substring(1);
        }
    }
}
