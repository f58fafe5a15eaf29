using UnityEngine;

namespace Sentio
{
    /// <summary>Draws the calibration screen with Unity's immediate mode.</summary>
    internal sealed class CalibrationPanel
    {
        private const float Width = 460f;
        private const float Height = 320f;

        internal const string First = "begin";

        private readonly Gui _gui;

        internal CalibrationPanel(ScreenFocus focus) { _gui = new Gui(focus); }

        internal void Draw(SentioCalibration calibration)
        {
            _gui.BeginCentred(Width, Height);
            _gui.Label(calibration.Headline, _gui.Title, Palette.Text);
            Gui.Bar(calibration.Progress);
            GUILayout.Space(12);
            _gui.Label(calibration.Text, _gui.Body, Palette.Muted);
            GUILayout.FlexibleSpace();
            GUILayout.BeginHorizontal();
            if (_gui.Button("leave", calibration.LeaveWords)) calibration.Close();
            GUILayout.FlexibleSpace();
            if (_gui.Button(First, calibration.BeginWords))
            {
                if (calibration.Running) calibration.Stop();
                else calibration.Begin();
            }
            GUILayout.EndHorizontal();
            _gui.End();
        }
    }
}
