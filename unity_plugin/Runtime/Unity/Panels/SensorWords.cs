using System.Collections.Generic;

namespace Sentio
{
    /// <summary>Texts of the sensor chooser.</summary>
    public static class SensorWords
    {
        private static readonly Dictionary<string, string[]> Kinds = new Dictionary<string, string[]>
        {
            { "camera", new[] { "Camera", "Your facial expression.", "camera", "face" } },
            { "microphone", new[] { "Microphone", "How your voice sounds.", "microphone", "voice" } },
            { "ble_heart", new[] { "Heart-rate strap", "Your pulse, by Bluetooth.", "body", "body" } },
            { "brainflow", new[] { "Headband or board", "Brain waves, skin, muscles.", "eeg", "eeg" } },
            { "lsl", new[] { "Lab stream", "What another program sends by LSL.", "body", "body" } },
        };

        private static readonly Dictionary<string, string> Reasons = new Dictionary<string, string>
        {
            { "no_face", "No face in view" }, { "dark", "Too dark" }, { "silence", "Silence" },
            { "not_voice", "No voice" }, { "warming", "Warming up" }, { "no_device", "No device" },
        };

        /// <summary>Name of a source type.</summary>
        public static string Name(string type) { return Part(type, 0, type); }

        /// <summary>What a source type measures.</summary>
        public static string About(string type) { return Part(type, 1, ""); }

        /// <summary>The sensor whose consent a source type needs.</summary>
        public static string Sensor(string type) { return Part(type, 2, type); }

        /// <summary>The modality whose quality is its signal.</summary>
        public static string Modality(string type) { return Part(type, 3, type); }

        /// <summary>Why an allowed sensor gives no signal.</summary>
        public static string Why(IEnumerable<object> reasons)
        {
            foreach (object reason in reasons)
            {
                string words, code = reason as string;
                if (code != null && Reasons.TryGetValue(code, out words)) return words;
            }
            return "Weak signal";
        }

        private static string Part(string type, int index, string fallback)
        {
            string[] words;
            return Kinds.TryGetValue(type, out words) ? words[index] : fallback;
        }
    }
}
