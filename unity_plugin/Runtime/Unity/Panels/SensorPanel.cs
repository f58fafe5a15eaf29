using UnityEngine;

namespace Sentio
{
    /// <summary>Draws the sensor chooser with Unity's immediate mode.</summary>
    internal sealed class SensorPanel
    {
        private const float Width = 520f;
        private const float Height = 620f;

        internal const string First = "again";

        private readonly Gui _gui;

        internal SensorPanel(ScreenFocus focus) { _gui = new Gui(focus); }

        internal void Draw(SentioSensorChooser chooser)
        {
            _gui.BeginCentred(Width, Height);
            _gui.Label(chooser.Title, _gui.Title, Palette.Text);
            _gui.BeginScroll();
            _gui.Label(chooser.Introduction, _gui.Body, Palette.Muted);
            if (chooser.Problem.Length > 0) _gui.Label(chooser.Problem, _gui.Body, Palette.Coral);
            foreach (string type in chooser.Types) Row(chooser, type);
            _gui.EndScroll();
            GUILayout.BeginHorizontal();
            GUI.enabled = !chooser.IsSearching;
            if (_gui.Button(First, chooser.IsSearching ? "Looking ..." : "Look again")) chooser.Search();
            GUI.enabled = true;
            GUILayout.FlexibleSpace();
            if (_gui.Button("cancel", "Cancel")) chooser.Close();
            if (_gui.Button("use", "Use these") && chooser.Store()) chooser.Close();
            GUILayout.EndHorizontal();
            _gui.End();
        }

        private void Row(SentioSensorChooser chooser, string type)
        {
            SensorDevice chosen = chooser.Chosen(type);
            float level = chooser.Level(type);
            GUILayout.Space(10);
            GUILayout.BeginHorizontal();
            _gui.Label(SensorWords.Name(type), _gui.Body, Palette.Text);
            GUILayout.FlexibleSpace();
            _gui.Label(chooser.StateOf(type), _gui.Small, level > SentioSensorChooser.GoodSignal ? Palette.Teal : Palette.Muted);
            GUILayout.EndHorizontal();
            _gui.Label(SensorWords.About(type), _gui.Small, Palette.Muted);
            Choice(chooser, type, null, "None", chosen == null);
            foreach (SensorDevice device in chooser.Devices(type))
            {
                if (!device.Usable) _gui.Label(device.Name + ": " + device.Fix, _gui.Small, Palette.Muted);
                else Choice(chooser, type, device, device.Detail.Length > 0 ? device.Name + ", " + device.Detail : device.Name,
                    device.IsSame(chosen));
            }
            if (level >= 0f) Gui.Bar(level);
        }

        private static string NameOf(SensorDevice device)
        {
            var name = new System.Text.StringBuilder();
            if (device != null)
                foreach (System.Collections.Generic.KeyValuePair<string, string> one in device.Settings) name.Append(one.Key).Append('=').Append(one.Value).Append(' ');
            return name.ToString();
        }

        private void Choice(SentioSensorChooser chooser, string type, SensorDevice device, string text, bool on)
        {
            if (_gui.Toggle(type + " " + NameOf(device), on, " " + text) && !on) chooser.Choose(type, device);
        }
    }
}
