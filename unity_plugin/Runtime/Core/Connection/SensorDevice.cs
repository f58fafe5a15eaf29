using System.Collections.Generic;

namespace Sentio
{
    /// <summary>A sensor of the sidecar's computer, as the request <c>devices</c> lists it.</summary>
    public sealed class SensorDevice
    {
        /// <summary>Source type: camera, microphone, ble_heart, brainflow, lsl, ...</summary>
        public string Type = "";

        /// <summary>Name for people.</summary>
        public string Name = "";

        /// <summary>More for people; may be empty.</summary>
        public string Detail = "";

        /// <summary>Whether it can be used; if not, <see cref="Name"/> is the problem and <see cref="Fix"/> what to do.</summary>
        public bool Usable = true;

        /// <summary>What to do about a problem.</summary>
        public string Fix = "";

        /// <summary>Keys of the source's table that select it.</summary>
        public readonly SortedDictionary<string, string> Settings = new SortedDictionary<string, string>(System.StringComparer.Ordinal);

        /// <summary>The device in one map of the reply.</summary>
        internal static SensorDevice Of(Dictionary<string, object> map)
        {
            var device = new SensorDevice
            {
                Type = Maps.Text(map, "type"),
                Name = Maps.Text(map, "name"),
                Detail = Maps.Text(map, "detail"),
                Usable = Maps.Flag(map, "usable"),
                Fix = Maps.Text(map, "fix"),
            };
            Dictionary<string, object> settings = Maps.Child(map, "settings");
            if (settings != null) foreach (string key in settings.Keys) device.Settings[key] = Maps.Text(settings, key);
            return device;
        }

        /// <summary>Whether both select the same device.</summary>
        public bool IsSame(SensorDevice other)
        {
            if (other == null || other.Type != Type || other.Settings.Count != Settings.Count) return false;
            foreach (KeyValuePair<string, string> one in Settings)
            {
                string value;
                if (!other.Settings.TryGetValue(one.Key, out value) || value != one.Value) return false;
            }
            return true;
        }
    }
}
